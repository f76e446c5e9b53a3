namespace Sluice.Redirect.Linux;

/// <summary>Events of epoll(7) (uapi/linux/eventpoll.h).</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    In = 0x001,
    Pri = 0x002,
    Out = 0x004,
    Error = 0x008,
    HangUp = 0x010,
    ReadHangUp = 0x2000,
    Exclusive = 1u << 28,
    EdgeTriggered = 1u << 31,
}

/// <summary>Address families (bits/socket.h).</summary>
internal enum AddressFamily : ushort
{
    Unix = 1,
    Inet = 2,
    Inet6 = 10,
}

/// <summary>A socket option: its level and its number (asm-generic/socket.h, netinet/tcp.h, netinet/in.h).</summary>
internal readonly record struct SocketOption(int Level, int Number)
{
    internal static readonly SocketOption ReuseAddress = new(1, 2);
    internal static readonly SocketOption Type = new(1, 3);
    internal static readonly SocketOption Error = new(1, 4);
    internal static readonly SocketOption SendBuffer = new(1, 7);
    internal static readonly SocketOption ReceiveBuffer = new(1, 8);
    internal static readonly SocketOption OutOfBandInline = new(1, 10);
    internal static readonly SocketOption Linger = new(1, 13);
    internal static readonly SocketOption ReusePort = new(1, 15);
    internal static readonly SocketOption AcceptsConnections = new(1, 30);
    internal static readonly SocketOption SendBufferForce = new(1, 32);
    internal static readonly SocketOption ReceiveBufferForce = new(1, 33);

    /// <summary>TCP_NOTSENT_LOWAT.</summary>
    internal static readonly SocketOption UnsentLimit = new(6, 25);
    internal static readonly SocketOption Protocol = new(1, 38);
    internal static readonly SocketOption Domain = new(1, 39);
    internal static readonly SocketOption Cookie = new(1, 57);
    internal static readonly SocketOption NoDelay = new(6, 1);
    internal static readonly SocketOption TcpInfo = new(6, 11);
    internal static readonly SocketOption Timestamping = new(1, 37);
    internal static readonly SocketOption V6Only = new(41, 26);

    /// <summary>IP_TRANSPARENT and IPV6_TRANSPARENT: addresses that are not this host's. CAP_NET_ADMIN or CAP_NET_RAW.</summary>
    internal static readonly SocketOption Transparent = new(0, 19), TransparentV6 = new(41, 75);

    /// <summary>IP_BIND_ADDRESS_NO_PORT: a port 0 is chosen when the socket connects, among all that its 4-tuple leaves.</summary>
    internal static readonly SocketOption BindAddressNoPort = new(0, 24);

    /// <summary>SO_ORIGINAL_DST and IP6T_SO_ORIGINAL_DST, of netfilter.</summary>
    internal static readonly SocketOption OriginalDestination = new(0, 80), OriginalDestinationV6 = new(41, 80);
}

/// <summary>Other numbers of the system call interface.</summary>
internal static class Abi
{
    internal const int EpollCtlAdd = 1;
    internal const int EpollCtlDel = 2;
    internal const int EpollCtlMod = 3;
    internal const int CloseOnExec = 0x80000;
    internal const int NonBlocking = 0x800;
    internal const int SockStream = 1;
    internal const int MsgPeek = 0x2;
    internal const int MsgNoSignal = 0x4000;
    internal const int ShutWrite = 1;
    internal const int FcntlSetPipeSize = 1031;
    internal const int FcntlDupCloseOnExec = 1030;
    internal const uint SpliceMove = 1;
    internal const uint SpliceNonBlock = 2;
    internal const int AdviceDontNeed = 4;
    internal const int ProtRead = 1;
    internal const int ProtWrite = 2;
    internal const int MapShared = 1;
    internal const int MapPrivate = 2;

    /// <summary>SIOCOUTQ: bytes in the send queue that have not been acknowledged.</summary>
    internal const nuint SocketOutQueue = 0x5411;

    /// <summary>SIOCINQ: bytes in the receive queue.</summary>
    internal const nuint SocketInQueue = 0x541B;
}
