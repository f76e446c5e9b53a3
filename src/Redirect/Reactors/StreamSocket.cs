using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// A connected stream socket on a reactor. It is registered once, edge-triggered, for everything: whether there is
/// something to receive is remembered here (<see cref="Readable"/>), also while there is no handler, and each edge is told
/// to the handlers.
/// Results are counts ≥ 0 or minus an errno; EAGAIN never appears, it is a count of 0 or <see cref="Readable"/> turning false.
/// All members belong to the reactor's thread, but for what the maps say of theirs.
/// </summary>
internal sealed partial class StreamSocket(Reactor reactor, int fd, AddressFamily family, bool connecting = false)
    : EpollRegistration, IMapSocket
{
    /// <summary>The result of <see cref="Receive"/> at the end of the stream.</summary>
    internal const nint EndOfStream = int.MinValue;

    private const EpollEvents Watched =
        EpollEvents.In | EpollEvents.Out | EpollEvents.Pri | EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered;
    private const EpollEvents Endings = EpollEvents.ReadHangUp | EpollEvents.HangUp | EpollEvents.Error;

    // Where a short count does not mean that the socket is empty or full.
    private const int UnknownLength = 0;

    private int _fd = fd;
    private SocketMemberships _memberships;
    private Marks _marks = connecting ? Marks.Connecting : Marks.None;

    // On a unix socket a receive also stops behind bytes that were sent with descriptors or credentials, more or not.
    private bool _shortIsUnknown = family == AddressFamily.Unix;

    internal Reactor Reactor { get; } = reactor;

    internal IReceiveHandler? Receiver { get; set; }

    /// <summary>As an <see cref="IMembershipHandler"/>, where it is one, it also hears of changes to <see cref="Memberships"/>.</summary>
    internal ISendHandler? Sender { get; set; }

    /// <summary>True from a send that took less than it was given (or a connect) until <see cref="ISendHandler"/> is told.</summary>
    internal bool SendBlocked { get; private set; } = connecting;

    /// <summary>False while a receive is known to find nothing; the next edge makes it true.</summary>
    internal bool Readable { get; private set; }

    /// <summary>
    /// The first fatal error of any operation. The kernel tells an error once, to whichever call comes first, and then
    /// pretends an ordinary end of stream: so it is kept.
    /// </summary>
    internal Errno Error { get; private set; }

    /// <summary>False once it is closed. Readable from any thread.</summary>
    public bool IsOpen => Volatile.Read(ref _fd) >= 0;

    /// <inheritdoc/>
    public ref SocketMemberships Memberships => ref _memberships;

    bool IMapSocket.AllowsRedirect => true;

    int IMapSocket.Descriptor => Volatile.Read(ref _fd);

    /// <summary>SO_COOKIE, which the kernel is asked for each time; 0 after the close. Readable from any thread.</summary>
    public ulong Cookie
    {
        get
        {
            lock (this) // which a close waits for before the descriptor may be somebody else's
                return IsOpen && Syscall.GetCookie(_fd, out ulong cookie) == 0 ? cookie : 0;
        }
    }

    /// <summary>Bytes sent, by us or by the kernel's sockmap, and not yet acknowledged by the other end; 0 for a closed socket.</summary>
    internal int Unacknowledged => OutQueue + (IsOpen && _guard is not null ? _guard.Waiting : 0);

    /// <summary>Begins to watch. 0 or minus an errno (ENOSPC: fs.epoll.max_user_watches).</summary>
    internal int Watch() => Reactor.Watch(this, _fd, Watched);

    /// <summary>
    /// Receives into <paramref name="buffer"/>: the count; 0 with <see cref="Readable"/> false when there is nothing now; or
    /// <see cref="EndOfStream"/>; or minus an errno.
    /// </summary>
    internal nint Receive(Span<byte> buffer) => _pacer is null ? ReceiveNow(buffer) : ReceivePaced(buffer);

    /// <summary>As <see cref="Receive"/>, but the bytes stay in the socket.</summary>
    internal nint Peek(Span<byte> buffer) => _pacer is null ? PeekNow(buffer) : PeekPaced(buffer);

    /// <summary>Splices into an empty pipe, with the results of <see cref="Receive"/>.</summary>
    internal nint SpliceTo(KernelPipe pipe) => Received(pipe.Fill(_fd, pipe.Capacity), UnknownLength);

    /// <summary>Sends what fits: the count, 0 when nothing fits (<see cref="ISendHandler"/> tells when), or minus an errno.</summary>
    internal nint Send(ReadOnlySpan<byte> bytes) =>
        _guard is null || _guard.MaySend() ? Sent(Syscall.Send(_fd, bytes), bytes.Length) : Sent(0, bytes.Length);

    /// <summary>
    /// Sends out of a pipe, with the results of <see cref="Send"/>. A short count says nothing about the socket: only 0 does.
    /// </summary>
    internal nint SpliceFrom(KernelPipe pipe) => Sent(pipe.Drain(_fd), UnknownLength);

    /// <summary>Something is to be learnt by a receive, whatever the edges said.</summary>
    internal void ExpectReadable() => Readable = IsOpen;

    /// <summary>
    /// Sends FIN after everything that was sent. On a connection that was reset it fails with ENOTCONN, which is not news: the
    /// reset itself is still to be received.
    /// </summary>
    internal void ShutdownSend()
    {
        if (IsOpen && Syscall.ShutdownSend(_fd) == 0)
            _marks |= Marks.SentFin;
    }

    // A side that has closed or was reset is no obstacle here, unlike in the kernel: what it sent before is to be judged as well.
    Errno IMapSocket.CheckState() => !IsOpen || Has(Marks.Connecting) ? Errno.EOPNOTSUPP : Errno.None;

    void IMapSocket.OnMembershipsChanged() => (Sender as IMembershipHandler)?.OnMembershipsChanged();

    internal SocketAddressBuffer LocalAddress()
    {
        SocketAddressBuffer address = default;
        if (IsOpen)
            _ = Syscall.GetSocketName(_fd, out address);
        return address;
    }

    internal SocketAddressBuffer RemoteAddress()
    {
        SocketAddressBuffer address = default;
        if (IsOpen)
            _ = Syscall.GetPeerName(_fd, out address);
        return address;
    }

    /// <summary>Closes; what was sent is still delivered, followed by FIN. Closing again does nothing.</summary>
    internal void Close()
    {
        if (IsOpen && _guard is not null)
            _ = Syscall.LingerZero(_fd, isOn: false);
        CloseAsItIs();
    }

    /// <summary>Closes with RST; what the other end has not acknowledged is dropped.</summary>
    internal void Reset()
    {
        if (IsOpen && !HasFailed && _guard is null) // a connection that failed has nobody left to tell
            _ = Syscall.LingerZero(_fd);
        CloseAsItIs();
    }

    internal override void OnReady(EpollEvents events)
    {
        if ((events & EpollEvents.Pri) != 0)
            TakeUrgentDataInline();
        if ((events & Endings) != 0)
            (_marks, _shortIsUnknown) = (_marks | Marks.Ended, true);
        // Who sends past us into this socket may have been told of the error instead.
        if ((events & EpollEvents.Error) != 0 || ((events & EpollEvents.HangUp) != 0 && _guard is { HidesBytes: false } && WasResetUnseen))
            _marks |= Marks.Failed;

        // An urgent byte alone is announced by Pri without In.
        if ((events & (EpollEvents.In | EpollEvents.Pri | Endings)) != 0)
        {
            Readable = true;
            Receiver?.OnReceiveReady();
        }

        // Every event carries Out while there is room, so it is news only to a sender that ran out of it. The handler
        // above may have closed this socket.
        if (SendBlocked && (events & (EpollEvents.Out | EpollEvents.HangUp | EpollEvents.Error)) != 0 && IsOpen)
        {
            SendBlocked = false;
            _marks &= ~Marks.Connecting;
            Sender?.OnSendReady();
        }
    }

    private void CloseAsItIs()
    {
        if (!IsOpen)
            return;

        if (Slot >= 0)
            Reactor.Forget(this);
        _pacer?.Stop();
        int fd = _fd;
        Volatile.Write(ref _fd, -1);
        Readable = false;
        // Before the descriptor may be somebody else's: another thread may be asking for the cookie just now. A lookup that
        // found it before may still come, and finds it closed.
        _memberships.Close(this);
        (Sender as IMembershipHandler)?.OnMembershipsChanged();
        Receiver = null;
        Sender = null;
        Syscall.Close(fd);
    }

    internal override void OnFault(Exception exception)
    {
        if (Receiver is { } receiver)
            receiver.OnFault(exception);
        else
            Reset();
    }

    // Without this the byte sent with MSG_OOB would be skipped, and a receive would stop short at its mark.
    private void TakeUrgentDataInline()
    {
        _ = Syscall.SetOption(_fd, SocketOption.OutOfBandInline, 1);
        (_marks, _shortIsUnknown) = (_marks | Marks.Urgent, true);
    }

    private nint ReceiveNow(Span<byte> buffer)
    {
        nint received = Received(Syscall.Receive(_fd, buffer), buffer.Length);
        if (received > 0)
            _guard?.Received(received);
        return received;
    }

    private nint Received(nint result, int asked)
    {
        if (result > 0)
        {
            // Less than asked for means the socket is empty, and what comes next is a new edge; but once an end has been
            // announced no further edge will come, so then only the end itself stops the reading.
            if (result < asked && !_shortIsUnknown)
                Readable = false;
            return result;
        }

        if (result == 0)
        {
            return Error == Errno.None ? Nothing(EndOfStream) : Nothing(-(nint)(int)Error);
        }

        var errno = (Errno)(int)(-result);
        if (errno == Errno.EAGAIN)
            return Nothing(0);

        Latch(errno);
        return Nothing(-(nint)(int)Error);
    }

    private nint Nothing(nint result)
    {
        Readable = false;
        if (_guard is null || (result < 0 && result != EndOfStream))
            return result;

        result = _guard.NothingReceived(result);
        if (result < 0 && result != EndOfStream)
            Latch((Errno)(int)(-result));
        return result;
    }

    private nint Sent(nint result, nint asked)
    {
        if (result >= 0)
        {
            SendBlocked = result < asked;
            if (result > 0)
                _guard?.Sent(result);
            return result;
        }

        var errno = (Errno)(int)(-result);
        if (errno == Errno.EAGAIN || (_guard is not null && _guard.WaitsForMemory(errno)))
        {
            SendBlocked = true;
            return 0;
        }

        Latch(errno);
        return -(nint)(int)Error;
    }

    private void Latch(Errno errno)
    {
        _marks |= Marks.Failed;
        if (Error == Errno.None)
            Error = errno;
    }
}
