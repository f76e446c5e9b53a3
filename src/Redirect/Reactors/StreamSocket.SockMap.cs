using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Reactors;

// What a socket is asked and told when the kernel's own sockmap gets it.
internal sealed partial class StreamSocket
{
    /// <summary>TCP_CLOSE: the connection is gone (net/tcp_states.h).</summary>
    internal const byte TcpClose = 7;

    /// <summary>True for TCP over IPv4 or IPv6, false for a unix socket.</summary>
    internal bool IsTcp => family is AddressFamily.Inet or AddressFamily.Inet6;

    /// <summary>True once TCP has no connection any more, though the error that ended it may have been told to somebody else.</summary>
    internal bool IsGone => ReadTcpInfo().State == TcpClose;

    /// <summary>What TCP counts, at this moment; the call takes the socket's lock. All zero for a closed socket.</summary>
    internal TcpInfo ReadTcpInfo()
    {
        TcpInfo info = default;
        if (IsOpen)
            _ = Syscall.GetTcpInfo(_fd, out info);
        return info;
    }

    /// <summary>Sets the send buffer's size above net.core.wmem_max (SO_SNDBUFFORCE). 0 or minus an errno: EPERM without CAP_NET_ADMIN.</summary>
    internal int ForceSendBuffer(int bytes) => Syscall.SetOption(_fd, SocketOption.SendBufferForce, bytes);

    /// <summary>
    /// Lets <paramref name="insert"/> put the descriptor into the kernel's map. From then on a receive takes what a verdict program
    /// has passed, of which a short count tells nothing.
    /// </summary>
    internal Errno EnterSockMap(Func<int, Errno> insert)
    {
        Errno errno = IsOpen ? insert(_fd) : Errno.EBADF;
        if (errno == Errno.None)
            _shortIsUnknown = true;
        return errno;
    }

    /// <summary>Whether arriving bytes wake the reactor; ends and errors always do. Bytes that are there wake it when it is switched on.</summary>
    internal void WatchArrivals(bool isOn)
    {
        if (IsOpen)
            _ = Reactor.WatchFor(this, _fd, isOn ? Watched : Watched & ~(EpollEvents.In | EpollEvents.Pri));
    }
}
