using System.Net.Sockets;
using Sluice.Redirect;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Wire;

namespace Sluice.SockMapConformance.Tests;

/// <summary>What may be a value: which descriptors, and which sockets in which states.</summary>
public sealed class ValueTests
{
    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void A_number_above_the_largest_descriptor_is_invalid(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.EINVAL, map.Update(0, 1UL << 31));
        Assert.Equal(Errno.EINVAL, map.Update(0, ulong.MaxValue));
        Assert.Equal(Errno.EINVAL, map.Update(0, (1UL << 32) | (ulong)pair.Client.Handle));
        Assert.Equal(Errno.EBADF, map.Update(0, int.MaxValue));
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void With_4_byte_values_cookies_have_no_room(MapKind kind)
    {
        using var map = TestMap.Create(kind, valueSize: 4);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.EINVAL, map.Update(0, uint.MaxValue));
        Assert.Equal(Errno.None, map.Update(0, pair.Client));
        Assert.Equal(Errno.ENOSPC, map.Lookup(0));
        Assert.Equal(Errno.ENOSPC, map.Lookup(1));
        Assert.Equal(Errno.None, map.Delete(0));
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void What_is_no_socket_is_refused(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using var file = File.OpenHandle("/dev/null");
        Assert.Equal(Errno.ENOTSOCK, map.Update(0, (ulong)file.DangerousGetHandle()));
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void An_opened_or_bound_tcp_socket_is_refused(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using Socket socket = Tcp.Create();
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(0, socket));
        socket.Bind(Tcp.Loopback());
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(0, socket));
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(uint.MaxValue, socket, (Redirect.Maps.MapUpdateFlags)3));
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void A_connect_under_way_is_refused(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using Socket listener = Tcp.Listen(backlog: 0);
        List<Socket> sockets = Tcp.DialInVain(listener, out Socket pending);
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(0, pending));
        sockets.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void A_side_that_has_closed_and_its_other_one_are_refused(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using Pair pair = Tcp.Connect();
        pair.Client.Shutdown(SocketShutdown.Send);
        pair.Server.AwaitState(TcpState.CloseWait);
        pair.Server.Send([1]); // carries the acknowledgement of the FIN, which might else take its time
        pair.Client.AwaitState(TcpState.FinWait2);
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(0, pair.Server));
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(0, pair.Client));
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void A_connection_that_was_reset_is_refused(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using Pair pair = Tcp.Connect();
        pair.Client.Reset();
        pair.Server.AwaitState(TcpState.Close);
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(0, pair.Server));
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void Established_and_listening_sockets_of_both_families_are_taken(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        foreach (bool v6 in new[] { false, true })
        {
            using Pair pair = Tcp.Connect(v6);
            using Socket listener = Tcp.Listen(v6);
            AssertTaken(map, pair.Client);
            AssertTaken(map, pair.Server);
            AssertTaken(map, listener);
        }
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void Datagram_sockets_are_taken_once_they_have_a_port(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(0, socket));
        socket.Bind(Tcp.Loopback());
        AssertTaken(map, socket);
        using var unix = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        AssertTaken(map, unix);
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void Unix_streams_are_taken_once_connected(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(0, listener));
        var endPoint = new UnixDomainSocketEndPoint($"\0sluice-conformance-{Guid.NewGuid():N}");
        listener.Bind(endPoint);
        listener.Listen(1);
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(0, listener));

        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(endPoint);
        AssertTaken(map, client);
        using Socket server = listener.Accept();
        AssertTaken(map, server);
    }

    private static void AssertTaken(TestMap map, Socket socket)
    {
        Assert.Equal(Errno.None, map.Update(1, socket));
        Assert.Equal(Errno.None, map.Lookup(1, out ulong cookie));
        Assert.Equal(socket.Cookie(), cookie);
        Assert.Equal(Errno.None, map.Delete(1));
    }
}
