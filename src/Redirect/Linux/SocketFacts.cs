using System.Net;

namespace Sluice.Redirect.Linux;

/// <summary>What the kernel tells of a socket by its descriptor, as far as maps care.</summary>
/// <param name="Cookie">SO_COOKIE.</param>
/// <param name="IsSuitable">A map takes a socket of this kind in this state.</param>
internal readonly record struct SocketFacts(ulong Cookie, bool IsSuitable)
{
    private const int Stream = 1;
    private const int Datagram = 2;
    private const int Tcp = 6;
    private const int Udp = 17;
    private const byte Established = 1;
    private const byte Listen = 10;

    /// <summary>Asks the kernel. EBADF, ENOTSOCK, or another errno of getsockopt.</summary>
    internal static Errno Of(int fd, out SocketFacts facts)
    {
        facts = default;
        int result = Syscall.GetCookie(fd, out ulong cookie);
        if (result < 0)
            return (Errno)(-result);

        _ = Syscall.GetOption(fd, SocketOption.Type, out int type);
        _ = Syscall.GetOption(fd, SocketOption.Domain, out int domain);
        _ = Syscall.GetOption(fd, SocketOption.Protocol, out int protocol);
        facts = new SocketFacts(cookie, ((AddressFamily)domain, type, protocol) switch
        {
            (AddressFamily.Inet or AddressFamily.Inet6, Stream, Tcp) => IsEstablishedOrListening(fd),
            (AddressFamily.Inet or AddressFamily.Inet6, Datagram, Udp) => HasPort(fd),
            (AddressFamily.Unix, Stream, _) => Syscall.GetPeerName(fd, out _) == 0,
            (AddressFamily.Unix, Datagram, _) => true,
            _ => false,
        });
        return Errno.None;
    }

    // Neither a connect under way nor a connection of which one side has closed. tcpi_state is the first byte.
    private static bool IsEstablishedOrListening(int fd) =>
        Syscall.GetTcpState(fd, out byte state) == 0 && state is Established or Listen;

    // Bound, by its owner or by a connect.
    private static bool HasPort(int fd) =>
        Syscall.GetSocketName(fd, out SocketAddressBuffer address) == 0 && address.ToEndPoint() is IPEndPoint { Port: > 0 };
}
