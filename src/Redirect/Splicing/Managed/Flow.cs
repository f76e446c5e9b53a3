using Sluice.Redirect.Linux;
using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Managed;

/// <summary>
/// One direction of a spliced connection: what its source receives goes to its sink. What the sink does not take is kept
/// in a pooled buffer or a pipe and nothing more is received until it is gone; that is all the memory a slow
/// reader can cost.
/// </summary>
internal sealed class Flow(ManagedSplice splice, StreamSocket source, StreamSocket sink, bool useSplice)
    : IReceiveHandler, ISendHandler, IReactorTask
{
    // Rounds before other connections get their turn; a round moves at most one read buffer or one pipe.
    private const int RoundsPerTurn = 8;

    // What is only looked at is copied anew for every send, however little the sink takes of it.
    private const int PeekSize = 64 * 1024;

    // Every connection has two flows: what they need while they hold nothing is small.
    private object? _kept; // a pooled byte[] whose last bytes are left to be sent, or the pipe
    private int _left;
    private FlowState _state;
    private byte _inARow;
    private bool _scheduled;

    internal StreamSocket Source => source;

    private Direction Direction => splice.DirectionOf(this);

    internal bool IsStopped => _state == FlowState.Stopped;

    internal bool IsAtRest => _state == FlowState.Open && _kept is null or KernelPipe { Held: 0 };

    internal void Start()
    {
        source.Receiver = this;
        sink.Sender = this;
        Pump();
    }

    /// <summary>Moves nothing more and gives its memory back; what it holds is dropped.</summary>
    internal void Stop()
    {
        _state = FlowState.Stopped;
        Drop();
        LeavePipe();
    }

    /// <summary>The source failed: what it had sent before still goes to the sink.</summary>
    internal void DeliverRest()
    {
        if (_state is FlowState.FinReceived or FlowState.FinPassedOn)
            _state = FlowState.SourceFailed;
        else
            source.ExpectReadable();
        Pump();
    }

    void IReceiveHandler.OnReceiveReady()
    {
        if (_state is FlowState.FinReceived or FlowState.FinPassedOn)
            LookForError();
        else
            Pump();
    }

    void ISendHandler.OnSendReady() => Pump();

    void IReceiveHandler.OnFault(Exception exception) => splice.Fault(exception);

    void IReactorTask.Run()
    {
        _scheduled = false;
        Pump();
    }

    private void Pump()
    {
        if (_scheduled)
            return;

        for (int round = 0; round < RoundsPerTurn; round++)
        {
            if (_state == FlowState.Stopped || sink.SendBlocked || !Flush())
                return;

            if (_state != FlowState.Open)
            {
                PassEndOn();
                return;
            }

            if (!source.Readable)
            {
                splice.Offload?.Drained(splice, Direction);
                return;
            }

            if (!Move())
                return;
        }

        _scheduled = true;
        source.Reactor.Schedule(this);
    }

    // Sends what an earlier round could not. False: the sink is full or gone.
    private bool Flush()
    {
        while (_kept is not (null or KernelPipe { Held: 0 }))
        {
            nint sent = _kept is KernelPipe pipe ? sink.SpliceFrom(pipe) : sink.Send(((byte[])_kept).AsSpan(^_left..));
            if (!Accept(sent))
                return false;
            if (sent == 0)
                return false;
            if (_kept is not KernelPipe && (_left -= (int)sent) == 0)
                Drop();
        }

        return true;
    }

    // Receives once and sends once. False: nothing more can be done now.
    private bool Move()
    {
        if (_kept is not null && (StreamGauge.IsEnough(_inARow) || source.HasUrgentData || source.IsInSockMap))
            LeavePipe();
        else if (_kept is null && useSplice && StreamGauge.IsEnough(_inARow) && !source.HasUrgentData && !source.IsInSockMap && !source.IsPaced)
            EnterPipe();

        return _kept is KernelPipe pipe ? Splice(pipe) : source.Reactor.Buffers.HasRoom ? Copy() : CopyWithoutHolding();
    }

    private bool Copy()
    {
        Span<byte> buffer = source.Reactor.ReadBuffer;
        nint received = source.Receive(buffer);
        if (received <= 0)
            return Ended(received);

        _inARow = StreamGauge.Copied(_inARow, received);
        nint sent = sink.Send(buffer[..(int)received]);
        if (!Accept(sent))
            return false;
        if (sent < received)
            Hold(buffer[(int)sent..(int)received]);
        return true;
    }

    // The budget for held bytes is used up: the bytes are looked at and sent, and taken from the kernel only when the
    // sink has them. One more system call, no memory.
    private bool CopyWithoutHolding()
    {
        Span<byte> buffer = source.Reactor.ReadBuffer.AsSpan(0, PeekSize);
        nint seen = source.Peek(buffer);
        if (seen <= 0)
            return Ended(seen);

        nint sent = sink.Send(buffer[..(int)seen]);
        if (!Accept(sent))
            return false;
        if (sent > 0)
            _ = source.Receive(buffer[..(int)sent]);
        return true;
    }

    private bool Splice(KernelPipe pipe)
    {
        // The pipe is empty here, so a 0 can only mean that the socket is.
        nint received = source.SpliceTo(pipe);
        if (received == StreamSocket.EndOfStream)
        {
            // It says so as well before an urgent byte that came a moment ago. A receive is sure.
            LeavePipe();
            source.ExpectReadable();
            return true;
        }

        if (received <= 0)
            return Ended(received);

        _inARow = StreamGauge.Spliced(_inARow, received);
        return true;
    }

    private bool Accept(nint sent)
    {
        if (sent < 0)
        {
            splice.Failed(Other(Direction), (Errno)(int)(-sent));
            return false;
        }

        if (sent > 0)
            splice.Delivered(Direction, _kept is KernelPipe ? DataPath.Splice : DataPath.Copy, sent);
        return true;
    }

    private bool Ended(nint received)
    {
        if (received == StreamSocket.EndOfStream)
        {
            _state = FlowState.FinReceived;
        }
        else if (received < 0)
        {
            _state = FlowState.SourceFailed;
            splice.Failed(Direction, (Errno)(int)(-received));
            return false;
        }

        return true;
    }

    private void PassEndOn()
    {
        if (_state == FlowState.SourceFailed)
        {
            splice.RestDelivered(sink);
        }
        else if (_state == FlowState.FinReceived)
        {
            LeavePipe();
            _state = FlowState.FinPassedOn;
            sink.ShutdownSend();
            splice.FinPassedOn(Direction);
            LookForError();
        }
    }

    // After FIN nothing but an RST can come. Reading would not show it: after FIN the kernel answers every read with 0.
    private void LookForError()
    {
        if (source.IsOpen && source.HasFailed && source.TakeSocketError() is not Errno.None and var errno)
            splice.Failed(Direction, errno);
    }

    private void EnterPipe()
    {
        _kept = source.Reactor.Pipes.TryRent();
        _inARow = 0;
        if (_kept is not null)
            splice.PathChanged(Direction, DataPath.Splice);
    }

    private void LeavePipe()
    {
        if (_kept is not KernelPipe pipe)
            return;

        source.Reactor.Pipes.Return(pipe);
        _kept = null;
        _inARow = 0;
        splice.PathChanged(Direction, DataPath.Copy);
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        byte[] held = source.Reactor.Buffers.Rent(bytes.Length);
        (_kept, _left) = (held, bytes.Length);
        bytes.CopyTo(held.AsSpan(^_left..));
    }

    private void Drop()
    {
        if (_kept is not byte[] held)
            return;

        source.Reactor.Buffers.Return(held);
        _kept = null;
    }

    private static Direction Other(Direction direction) =>
        direction == Direction.FromClient ? Direction.FromUpstream : Direction.FromClient;
}
