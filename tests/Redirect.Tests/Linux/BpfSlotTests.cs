using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Linux;

public sealed class BpfSlotTests : KernelTest
{
    private const uint SkMsgVerdict = 7;

    [Fact]
    public void A_program_is_attached_and_detached()
    {
        using BpfMap map = Map(BpfMapType.SockHash, 4, 8);
        using BpfProgram program = Pass();
        using BpfProgram other = Pass();
        Assert.Equal(Errno.None, map.Attach(program, SkMsgVerdict));
        Assert.Equal(Errno.ENOENT, map.Detach(other, SkMsgVerdict));
        Assert.Equal(Errno.None, map.Detach(program, SkMsgVerdict));
        Assert.Equal(Errno.ENOENT, map.Detach(program, SkMsgVerdict));
    }

    [Fact]
    public void A_link_holds_its_slot_until_it_is_disposed()
    {
        using BpfMap map = Map(BpfMapType.SockMap, 4, 8);
        using BpfProgram program = Pass();
        using BpfProgram other = Pass();
        Errno errno = BpfLink.Create(map, program, SkMsgVerdict, out BpfLink? link);
        Assert.SkipWhen(errno == Errno.EINVAL && Environment.OSVersion.Version < new Version(6, 10), "Links of sockmaps came with Linux 6.10");
        Assert.Equal(Errno.None, errno);
        using (link)
        {
            Assert.Equal(Errno.EBUSY, BpfLink.Create(map, other, SkMsgVerdict, out BpfLink? second));
            Assert.Null(second);
            Assert.Equal(Errno.EBUSY, map.Attach(other, SkMsgVerdict));
            Assert.Equal(Errno.EPERM, link!.Update(other, expected: other));
            Assert.Equal(Errno.None, link.Update(other, expected: program));
            Assert.Equal(Errno.None, link.Update(program));
        }

        Assert.Equal(Errno.None, map.Attach(other, SkMsgVerdict));
    }

    [Fact]
    public void A_map_of_sockets_answers_with_their_cookies()
    {
        using BpfMap map = Map(BpfMapType.SockMap, 4, 8);
        using var listener = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        int fd = (int)listener.Handle;
        Assert.Equal(Errno.None, map.Update(1u, (ulong)fd));
        Assert.Equal(Errno.None, map.Lookup(1u, out ulong cookie));
        Assert.Equal(0, Syscall.GetCookie(fd, out ulong expected));
        Assert.Equal(expected, cookie);
    }

    private static BpfProgram Pass() => TestPrograms.Load(BpfProgramType.SkMsg, SkMsgVerdict, a => a.Return(1));
}
