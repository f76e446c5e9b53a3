using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Reactors;

// What a socket is asked and told when the kernel's own sockmap has it.
internal sealed partial class StreamSocket
{
    private const byte TcpClose = 7; // net/tcp_states.h

    private ISockMapGuard? _guard;

    /// <summary>True for TCP over IPv4 or IPv6, false for a unix socket.</summary>
    internal bool IsTcp => family is AddressFamily.Inet or AddressFamily.Inet6;

    /// <summary>True once a verdict program of the kernel's sockmap sees what arrives: splice(2) finds none of its bytes.</summary>
    internal bool IsInSockMap => _guard is { HidesBytes: true };

    /// <summary>
    /// Sets the send buffer's size above net.core.wmem_max (SO_SNDBUFFORCE), and lets nothing else hold bytes back, as
    /// net.ipv4.tcp_notsent_lowat would. 0 or minus an errno: EPERM without CAP_NET_ADMIN.
    /// </summary>
    internal int ForceSendBuffer(int bytes) => Syscall.SetOption(_fd, SocketOption.SendBufferForce, bytes) is < 0 and var refused
        ? refused
        : LiftUnsentLimit();

    /// <summary>Fixes the receive buffer's size, above net.core.rmem_max as well (SO_RCVBUFFORCE). 0 or minus an errno: EPERM without CAP_NET_ADMIN.</summary>
    internal int ForceReceiveBuffer(int bytes) => Syscall.SetOption(_fd, SocketOption.ReceiveBufferForce, bytes);

    /// <summary>Lets nothing but the send buffer's size hold bytes back. 0 or minus an errno.</summary>
    internal int LiftUnsentLimit() => Syscall.SetOption(_fd, SocketOption.UnsentLimit, int.MaxValue);

    /// <summary>
    /// Has no next proxy's bypass take what we send: it leaves a socket with SO_TIMESTAMPING alone. Of the flags it is given one that only says
    /// which stamps would be reported, so that none is made. 0 or minus an errno.
    /// </summary>
    internal int RefuseBypass()
    {
        const int ReportSoftware = 1 << 4; // SOF_TIMESTAMPING_SOFTWARE, uapi/linux/net_tstamp.h
        return Syscall.SetOption(_fd, SocketOption.Timestamping, ReportSoftware);
    }

    /// <summary>The socket's pending error (SO_ERROR), which is told once; after a connect its outcome.</summary>
    internal Errno TakeSocketError()
    {
        if (Syscall.GetOption(_fd, SocketOption.Error, out int error) is < 0 and var result)
            return (Errno)(-result);

        // Of a socket in a sockmap the kernel's worker may have been told instead.
        return error == 0 && _guard is not null && IsGone(ReadTcpInfo()) ? Errno.ECONNRESET : (Errno)error;
    }

    /// <summary>What TCP counts, at this moment; the call takes the socket's lock. All zero for a closed socket.</summary>
    internal TcpInfo ReadTcpInfo()
    {
        TcpInfo info = default;
        if (IsOpen)
            _ = Syscall.GetTcpInfo(_fd, out info);
        return info;
    }

    /// <summary>Bytes in TCP's send queue (SIOCOUTQ), a FIN counted as one; 0 for a closed socket.</summary>
    internal int OutQueue => IsOpen ? Math.Max(0, Syscall.OutQueue(_fd)) : 0;

    /// <summary>Bytes that have arrived and have not been received (SIOCINQ); 0 for a closed socket. Not in a sockmap, where they are not counted.</summary>
    internal int InQueue => IsOpen ? Math.Max(0, Syscall.InQueue(_fd)) : 0;

    /// <summary>
    /// Bytes that TCP has ever taken to send, a FIN counted as one, whoever gave them. Never too many; less by what is acknowledged between
    /// two calls, where that happens each of several times.
    /// </summary>
    internal ulong ReadTaken()
    {
        const int Attempts = 8;
        ulong most = 0;
        for (int i = 0; i < Attempts; i++)
        {
            ulong acknowledged = ReadTcpInfo().BytesAcked;
            most = Math.Max(most, acknowledged + (ulong)OutQueue);
            if (ReadTcpInfo().BytesAcked == acknowledged)
                break;
        }

        return most;
    }

    /// <summary>True once TCP has no connection any more, though the error that ended it may have been told to somebody else.</summary>
    internal static bool IsGone(in TcpInfo info) => info.State == TcpClose;

    /// <summary>Its 4-tuple, or that of the other end's socket, and how many bytes of it count.</summary>
    internal SocketTuple Tuple(bool isMirrored, out uint length) =>
        isMirrored ? SocketTuple.Of(RemoteAddress(), LocalAddress(), out length) : SocketTuple.Of(LocalAddress(), RemoteAddress(), out length);

    /// <summary>
    /// Lets <paramref name="insert"/> put the descriptor into the kernel's map. Until it is closed, what is received and sent goes by
    /// the guard then. What had come before stays where it is until somebody receives. Should the process die, the other end gets
    /// RST: a FIN would make a cut stream look whole, and with bytes that nobody has received it comes without a word to a sender
    /// that waits for room.
    /// </summary>
    internal Errno EnterSockMap(ISockMapGuard guard, Func<int, Errno> insert)
    {
        Errno errno = IsOpen ? insert(_fd) : Errno.EBADF;
        if (errno != Errno.None)
            return errno;

        _guard = guard;
        _shortIsUnknown |= guard.HidesBytes; // of passed bytes a short count tells nothing
        _ = Syscall.LingerZero(_fd);
        return Errno.None;
    }

    /// <summary>True once a FIN of ours is in the send queue.</summary>
    internal bool HasSentFin => Has(Marks.SentFin);

    /// <summary>
    /// True where TCP has no connection any more although no FIN of ours could have ended it: it was reset, whoever else was told.
    /// </summary>
    internal bool WasResetUnseen => !HasSentFin && IsOpen && IsGone(ReadTcpInfo());

    /// <summary>
    /// True of a TCP connection that goes on: an error that an operation was told is then not that of the connection, and no end comes
    /// after what it has sent.
    /// </summary>
    internal bool GoesOn => IsTcp && IsOpen && !IsGone(ReadTcpInfo());

    /// <summary>Whether arriving bytes wake the reactor; ends and errors always do. Bytes that are there wake it when it is switched on.</summary>
    internal void WatchArrivals(bool isOn)
    {
        if (IsOpen)
            _ = Reactor.WatchFor(this, _fd, isOn ? Watched : Watched & ~(EpollEvents.In | EpollEvents.Pri));
    }

    /// <summary>Has whoever receives look again.</summary>
    internal void RetryReceive()
    {
        if (!IsOpen)
            return;

        Readable = true;
        Receiver?.OnReceiveReady();
    }

    /// <summary>The guard lets bytes through again.</summary>
    internal void ResumeSending()
    {
        if (!IsOpen || !SendBlocked)
            return;

        SendBlocked = false;
        Sender?.OnSendReady();
    }
}
