using Sluice.Redirect.Linux;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Managed;
using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// One direction of an offloaded pair. While the kernel carries it, it only waits for the end. When the program gives it back,
/// because the reader is slow, it is copied with ordinary back-pressure, and goes back to the kernel once all has arrived.
/// </summary>
internal sealed class KernelFlow : ReactorTimer, IReceiveHandler, ISendHandler, IReactorTask
{
    private const int RoundsPerTurn = 8;
    private const int PeekSize = 64 * 1024;

    // The kernel's worker mostly needs microseconds. After this many turns of the reactor it is waited for by the clock.
    private const int TurnsToWait = 8;
    private const int LongestWaitMilliseconds = 16;

    private readonly KernelSplice _splice;
    private readonly Direction _direction;
    private readonly StreamSocket _source;
    private readonly StreamSocket _sink;
    private readonly ReactorOffload _offload;
    private readonly int _index;
    private readonly ulong _receivedBefore;
    private readonly ulong _acceptedBefore;

    private Remainder _remainder;
    private Lingering? _patience;
    private ulong _consumed;
    private ulong _written;
    private ulong _told;
    private int _polls;
    private FlowState _state;
    private bool _isCarried; // as far as this side knows; the record knows it first
    private bool _hasWindow;
    private bool _isOrdered;
    private bool _isScheduled;
    private bool _mayOffload = true;

    /// <param name="splice">The pair.</param>
    /// <param name="direction">Which of its two.</param>
    /// <param name="source">Read empty, or what it still holds has not been received.</param>
    /// <param name="sink">Has been given all that was received from the source.</param>
    /// <param name="offload">Where the record is.</param>
    /// <param name="index">The record of <paramref name="source"/>.</param>
    /// <param name="receivedBefore">Bytes received from the source until now.</param>
    /// <param name="acceptedBefore">Bytes that the sink's TCP has taken until now, acknowledged or not.</param>
    internal KernelFlow(
        KernelSplice splice, Direction direction, StreamSocket source, StreamSocket sink, ReactorOffload offload, int index,
        ulong receivedBefore, ulong acceptedBefore)
    {
        (_splice, _direction, _source, _sink) = (splice, direction, source, sink);
        (_offload, _index, _receivedBefore, _acceptedBefore) = (offload, index, receivedBefore, acceptedBefore);
    }

    internal bool IsStopped => _state == FlowState.Stopped;

    private ref SpliceRecord Record => ref _offload.Table[_index];

    private bool IsInKernel => (Volatile.Read(ref Record.State) & SpliceRecord.InKernel) != 0;

    private ulong Redirected => Volatile.Read(ref Record.Redirected);

    /// <summary>Takes over from the copy loop.</summary>
    /// <param name="mayOffload">False: the socket is in the map and must be read as such, and never goes to the kernel.</param>
    internal void Start(bool mayOffload)
    {
        _mayOffload = mayOffload;
        _source.Receiver = this;
        _sink.Sender = this;
        _source.ExpectReadable(); // what came before the insertion stays where it is until somebody receives
        Pump();
    }

    /// <summary>Moves nothing more; what it holds is dropped.</summary>
    internal void Stop()
    {
        _state = FlowState.Stopped;
        LeaveKernel();
        _remainder.Drop(_source.Reactor.Buffers);
        _source.Reactor.Timers.Cancel(this);
    }

    /// <summary>The source failed: what it had sent before still goes to the sink.</summary>
    internal void DeliverRest()
    {
        _state = FlowState.SourceFailed;
        LeaveKernel();
        _source.ExpectReadable();
        Pump();
    }

    /// <summary>The kernel gets it no more. What it has is carried to its end, which comes with the next byte at the latest.</summary>
    internal void Demote()
    {
        _mayOffload = false;
        GiveWindowBack();
    }

    /// <summary>What the kernel has carried since the last time goes into the counts. True when it was anything.</summary>
    internal bool Account()
    {
        ulong redirected = Redirected;
        if (redirected == _told)
            return false;

        _splice.Delivered(_direction, DataPath.Sockmap, (long)(redirected - _told));
        _told = redirected;
        return true;
    }

    /// <summary>Once a second: counts, and the way back for a direction that nobody uses while others want its memory.</summary>
    internal void Sweep(bool memoryIsShort)
    {
        bool moved = Account();
        if (_isCarried && !IsInKernel)
            Pump();
        else if (_hasWindow && memoryIsShort && !moved && IsAllAccepted(out int unacknowledged) && unacknowledged == 0)
            GiveWindowBack();
    }

    void IReceiveHandler.OnReceiveReady()
    {
        if (_source.HasFailed && _state is not (FlowState.SourceFailed or FlowState.Stopped))
            LookForError();
        Pump();
    }

    void ISendHandler.OnSendReady() => Pump();

    void IReceiveHandler.OnFault(Exception exception) => _splice.Fault(exception);

    void IReactorTask.Run()
    {
        _isScheduled = false;
        Pump();
    }

    internal override void OnTimer() => Pump();

    /// <summary>Does what can be done now, as after each event.</summary>
    internal void Pump()
    {
        if (_isScheduled)
            return;

        for (int round = 0; round < RoundsPerTurn; round++)
        {
            if (!Step())
                return;
        }

        Schedule();
    }

    // False: nothing more can be done now, and something will call again.
    private bool Step()
    {
        if (_state is FlowState.Stopped or FlowState.FinPassedOn)
            return false;
        if (_state == FlowState.Open && IsInKernel)
            return WatchKernel();
        if (_isCarried)
            LeaveKernel();
        if (_sink.SendBlocked || !IsOrdered() || !Flush())
            return false;
        if (_state == FlowState.FinReceived || (_state == FlowState.SourceFailed && !_source.Readable))
        {
            PassEndOn();
            return false;
        }

        return _source.Readable ? Move() : Resume();
    }

    // The end of a stream that the kernel carries: known once the last skb has been judged and the sink's TCP has all bytes.
    private bool WatchKernel()
    {
        if (!_source.HasEnded)
            return false;

        // A call that takes the socket's lock comes after the program's last run.
        Span<byte> one = stackalloc byte[1];
        nint seen = _source.Peek(one);
        if (seen < 0 && seen != StreamSocket.EndOfStream)
            return Failed((Errno)(int)(-seen));
        if (!IsInKernel)
        {
            _source.ExpectReadable();
            return true;
        }

        if (!IsAllReceived(out bool isReset))
            return isReset ? Failed(Errno.ECONNRESET) : Wait();
        if (!IsAllAccepted(out _))
            return Wait();

        PassFinOn();
        return false;
    }

    // The first send after the kernel's must come behind all that the kernel still has to send.
    private bool IsOrdered()
    {
        if (_isOrdered)
            return true;

        _isOrdered = IsAllAccepted(out _);
        if (_isOrdered)
            _polls = 0;
        else if (_state == FlowState.SourceFailed && IsOutOfPatience())
            _splice.GiveUp();
        else
            _ = Wait();
        return _isOrdered;
    }

    private bool Flush()
    {
        while (!_remainder.IsEmpty)
        {
            nint sent = _sink.Send(_remainder.Bytes);
            if (!Accept(sent) || sent == 0)
                return false;
            _remainder.Advance((int)sent, _source.Reactor.Buffers);
        }

        return true;
    }

    private bool Move()
    {
        bool mayHold = _source.Reactor.Buffers.HasRoom;
        Span<byte> buffer = mayHold ? _source.Reactor.ReadBuffer : _source.Reactor.ReadBuffer.AsSpan(0, PeekSize);
        nint received = mayHold ? _source.Receive(buffer) : _source.Peek(buffer);
        if (received <= 0)
            return Ended(received);

        nint sent = _sink.Send(buffer[..(int)received]);
        if (!Accept(sent))
            return false;
        if (!mayHold)
            received = sent > 0 ? _source.Receive(buffer[..(int)sent]) : 0;
        else if (sent < received)
            _remainder.Keep(buffer[(int)sent..(int)received], _source.Reactor.Buffers);
        _consumed += (ulong)received;
        return true;
    }

    private bool Accept(nint sent)
    {
        if (sent < 0)
        {
            _splice.Failed(Other, (Errno)(int)(-sent));
            return false;
        }

        _written += (ulong)sent;
        if (sent > 0)
            _splice.Delivered(_direction, DataPath.Copy, sent);
        return true;
    }

    private bool Ended(nint received)
    {
        if (_state == FlowState.SourceFailed)
            return true; // all of it has been received
        if (received == StreamSocket.EndOfStream)
            return EndOfStreamSeen();
        return received == 0 || Failed((Errno)(int)(-received));
    }

    // Between the FIN and the program's last run a receive finds nothing as well.
    private bool EndOfStreamSeen()
    {
        if (IsAllReceived(out bool isReset))
        {
            _state = FlowState.FinReceived;
            return true;
        }

        if (isReset && Volatile.Read(ref Record.State) >> 1 == _consumed)
            return Failed(Errno.ECONNRESET);

        _source.ExpectReadable();
        return Wait();
    }

    // All has been received: the kernel may have the stream, unless its reader is behind.
    private bool Resume()
    {
        if (_source.HasEnded)
        {
            _source.ExpectReadable();
            return Wait();
        }

        if (!_mayOffload)
            return false;
        if (!IsAllAccepted(out int unacknowledged))
            return Wait();
        if (unacknowledged > _offload.Window / 2)
            return false;
        if (!_offload.Engine.Budget.TryTake(_offload.Window))
        {
            _offload.Engine.Counters.Refuse(OffloadRefused.Memory);
            return false;
        }

        Volatile.Write(ref Record.Window, (uint)_offload.Window);
        Volatile.Write(ref Record.Rebase, 1u);
        ulong passed = _consumed << 1;
        if (Interlocked.CompareExchange(ref Record.State, passed | SpliceRecord.InKernel, passed) != passed)
        {
            _offload.Engine.Budget.Give(_offload.Window);
            _source.ExpectReadable();
            return true;
        }

        (_isCarried, _hasWindow, _isOrdered, _polls) = (true, true, false, 0);
        _offload.Engine.Counters.Promoted();
        _splice.PathChanged(_direction, DataPath.Sockmap);
        _source.WatchArrivals(false);
        return true;
    }

    private void LeaveKernel()
    {
        if (!_isCarried)
            return;

        _isCarried = false;
        _offload.Engine.Counters.Left();
        GiveWindowBack();
        Account();
        if (_state != FlowState.Open || !_source.IsOpen)
            return;

        _offload.Engine.Counters.Demoted();
        _splice.PathChanged(_direction, DataPath.Copy);
        _source.WatchArrivals(true);
        _source.ExpectReadable();
    }

    private void GiveWindowBack()
    {
        if (!_hasWindow)
            return;

        _hasWindow = false;
        Volatile.Write(ref Record.Window, 0u);
        _offload.Engine.Budget.Give(_offload.Window);
    }

    private void PassEndOn()
    {
        if (_state == FlowState.FinReceived)
        {
            PassFinOn();
        }
        else
        {
            _state = FlowState.Stopped;
            _splice.RestDelivered(_sink);
        }
    }

    private void PassFinOn()
    {
        _state = FlowState.FinPassedOn;
        LeaveKernel();
        _sink.ShutdownSend();
        _splice.FinPassedOn(_direction);
        if (_source.IsOpen && _source.HasFailed)
            LookForError();
    }

    // An RST's error may have been consumed by whoever touched the socket last; that the connection is gone stays.
    private void LookForError()
    {
        Errno errno = _source.TakeSocketError();
        if (errno == Errno.None)
            errno = _source.Error != Errno.None || !_source.IsGone ? _source.Error : Errno.ECONNRESET;
        if (errno != Errno.None)
            _ = Failed(errno);
    }

    private bool Failed(Errno errno)
    {
        _splice.Failed(_direction, errno);
        return false;
    }

    private bool IsAllReceived(out bool isReset)
    {
        TcpInfo info = _source.ReadTcpInfo();
        isReset = info.State == StreamSocket.TcpClose;
        const ulong Fin = 1;
        return info.BytesReceived == _receivedBefore + Redirected + _consumed + Fin;
    }

    private bool IsAllAccepted(out int unacknowledged) => Missing(out unacknowledged) <= 0;

    // Bytes that the sink's TCP has not taken yet. An acknowledgement between the two calls makes it seem more, never less.
    private long Missing(out int unacknowledged)
    {
        ulong acknowledged = _sink.ReadTcpInfo().BytesAcked;
        unacknowledged = _sink.Unacknowledged;
        return (long)(_acceptedBefore + Redirected + _written) - (long)(acknowledged + (ulong)unacknowledged);
    }

    private bool IsOutOfPatience()
    {
        long now = _source.Reactor.Now;
        _patience ??= new Lingering(_sink, now);
        return _patience.IsOver((int)Math.Clamp(Missing(out _), 0, int.MaxValue), now);
    }

    // Something that gives no sign is waited for: the kernel's worker, or the last run of the program. Always false.
    private bool Wait()
    {
        if (++_polls <= TurnsToWait)
            Schedule();
        else
            _source.Reactor.Timers.Set(this, _source.Reactor.Now + Math.Min(1L << Math.Min(_polls - TurnsToWait, 8), LongestWaitMilliseconds));
        return false;
    }

    private void Schedule()
    {
        _isScheduled = true;
        _source.Reactor.Schedule(this);
    }

    private Direction Other => _direction == Direction.FromClient ? Direction.FromUpstream : Direction.FromClient;
}
