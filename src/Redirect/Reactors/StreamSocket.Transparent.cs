using System.Net;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Reactors;

// Where a connection was going before something led it here.
internal sealed partial class StreamSocket
{
    /// <summary>
    /// What the connection was made to: the address from before a redirection by netfilter (SO_ORIGINAL_DST), where conntrack knows of
    /// one, else the local address, which a TPROXY rule leaves as it was. IPv4 as such; null for a unix socket or a closed one.
    /// </summary>
    internal IPEndPoint? OriginalDestination()
    {
        if (!IsTcp || !IsOpen)
            return null;

        // IPv4 that comes to an IPv6 socket is in conntrack as IPv4.
        SocketAddressBuffer address = default;
        bool isFound = (family == AddressFamily.Inet6 && Syscall.GetOriginalDestination(_fd, AddressFamily.Inet6, out address) == 0)
            || Syscall.GetOriginalDestination(_fd, AddressFamily.Inet, out address) == 0;
        return Unmapped((isFound ? address : LocalAddress()).ToEndPoint());
    }

    private static IPEndPoint? Unmapped(EndPoint endPoint) => endPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
        ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)
        : endPoint as IPEndPoint;
}
