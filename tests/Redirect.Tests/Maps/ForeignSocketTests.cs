using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;

namespace Sluice.Redirect.Tests.Maps;

/// <summary>Sockets that are inserted by their descriptor's number and that no reactor has.</summary>
public sealed class ForeignSocketTests : IDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);

    public ForeignSocketTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        _listener.Listen(1);
    }

    private ulong Number => (ulong)_listener.Handle;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_redirect_does_not_find_one()
    {
        using SockHash map = Make.SockHash(2);
        Assert.Equal(Errno.None, map.Update(Make.Key(1), Number));
        Assert.Equal(Errno.None, map.Lookup(Make.Key(1), out ulong cookie));
        Assert.NotEqual(0UL, cookie);
        Assert.Null(map.Find(Make.Key(1)));
    }

    [Fact]
    public void Two_descriptors_of_one_socket_are_one_socket()
    {
        using SockMap map = Make.SockMap(2);
        using SockHash other = Make.SockHash(2);
        Assert.Equal(Errno.None, map.Attach(AttachType.SkMsgVerdict, new Pass()));
        Assert.Equal(Errno.None, other.Attach(AttachType.SkMsgVerdict, new Pass()));
        int duplicate = Syscall.Duplicate((int)_listener.Handle);
        try
        {
            Assert.Equal(Errno.None, map.Update(0, Number));
            Assert.Equal(Errno.EBUSY, other.Update(Make.Key(1), (ulong)duplicate));
            Assert.Equal(Errno.None, map.Delete(0));
            Assert.Equal(Errno.None, other.Update(Make.Key(1), (ulong)duplicate));
        }
        finally
        {
            Syscall.Close(duplicate);
        }
    }

    [Fact]
    public void A_full_map_lets_those_go_that_were_closed_unnoticed()
    {
        using SockHash map = Make.SockHash(1);
        Assert.Equal(Errno.None, map.Update(Make.Key(1), Number));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Listen(1);
        Assert.Equal(Errno.E2BIG, map.Update(Make.Key(2), (ulong)socket.Handle));
        _listener.Dispose();
        Assert.Equal(Errno.None, map.Update(Make.Key(2), (ulong)socket.Handle));
        Assert.Equal([Make.Key(2)], Enumeration.Of(map));
    }
}
