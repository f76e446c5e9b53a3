using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Managed;

/// <summary>
/// One spliced connection: two flows, its time limits, and its end. Each flow ends by itself (FIN follows its last byte).
/// When a socket fails, what it had sent before is delivered to the other one, then that one is reset: an RST stays an RST.
/// Lives on its reactor.
/// </summary>
internal sealed class ManagedSplice : ReactorTimer, IValueTaskSource<SpliceResult>, IAbortable
{
    private readonly SplicePair _pair;
    private readonly Flow _fromClient;
    private readonly Flow _fromUpstream;
    private readonly long _started;
    private ReactorCompletion _completion;
    private Lingering? _lingering;
    private EndReason _reason;
    private Errno _errno;
    private Direction? _firstToClose;
    private bool _isClosing;
    private int _unacknowledged;

    internal ManagedSplice(SplicePair pair, StreamSocket client, StreamSocket upstream, bool useSplice)
    {
        _pair = pair;
        _fromClient = new Flow(this, Direction.FromClient, client, upstream, useSplice);
        _fromUpstream = new Flow(this, Direction.FromUpstream, upstream, client, useSplice);
        _started = Reactor.Now;
        LastProgress = _started;
    }

    private Reactor Reactor => _fromClient.Source.Reactor;

    /// <summary>When a byte or a FIN was last delivered in either direction, in the reactor's milliseconds.</summary>
    internal long LastProgress { get; private set; }

    internal ValueTask<SpliceResult> RunAsync()
    {
        _pair.Enter(this);
        ArmTimer();
        _fromClient.Start();
        _fromUpstream.Start();
        return new ValueTask<SpliceResult>(this, token: 0);
    }

    /// <summary>A flow handed bytes to its sink.</summary>
    internal void Delivered(Direction direction, DataPath path, long count)
    {
        LastProgress = Reactor.Now;
        _pair.Delivered(direction, path, count);
    }

    internal void PathChanged(Direction direction, DataPath path)
    {
        if (direction == Direction.FromClient)
            _pair.PathFromClient = path;
        else
            _pair.PathFromUpstream = path;
    }

    /// <summary>A flow's source sent FIN, and it was passed on after its last byte.</summary>
    internal void FlowEnded(Direction direction)
    {
        _firstToClose ??= direction;
        LastProgress = Reactor.Now; // else a FIN after a long silence would find its new, shorter limit already over
        if (direction == Direction.FromClient)
            _pair.ClientClosed = true;
        else
            _pair.UpstreamClosed = true;

        if (_fromClient.HasEnded && _fromUpstream.HasEnded)
            Complete(EndReason.Completed, reset: false);
        else
            ArmTimer();
    }

    /// <summary>The socket that <paramref name="side"/>'s bytes come from failed, in whichever operation.</summary>
    internal void Failed(Direction side, Errno errno)
    {
        if (_isClosing)
            return;

        _firstToClose ??= side;
        if (_reason == EndReason.None)
            (_reason, _errno) = (ReasonFor(side, errno), errno);

        (Flow from, Flow to) = side == Direction.FromClient ? (_fromClient, _fromUpstream) : (_fromUpstream, _fromClient);
        to.Stop();
        if (from.IsStopped)
            Complete(_reason, reset: true);
        else
            from.DeliverRest();
    }

    /// <summary>All that a failed source had sent is in the sink's send queue: once that is empty, the sink is reset.</summary>
    internal void RestDelivered(StreamSocket sink)
    {
        _lingering = new Lingering(sink, Reactor.Now);
        Linger();
    }

    /// <summary>A defect in this connection must not touch any other.</summary>
    internal void Fault(Exception exception)
    {
        if (exception is not OperationCanceledException)
            Reactor.Report(exception);
        End(EndReason.InternalError);
    }

    void IAbortable.Abort(EndReason reason) => Reactor.Post(_ => End(reason), null);

    internal override void OnTimer()
    {
        if (_lingering is not null)
            Linger();
        else
            CheckLimits();
    }

    private static EndReason ReasonFor(Direction side, Errno errno) => (side, errno) switch
    {
        (Direction.FromClient, Errno.ECONNRESET or Errno.EPIPE) => EndReason.ClientReset,
        (Direction.FromClient, _) => EndReason.ClientError,
        (_, Errno.ECONNRESET or Errno.EPIPE) => EndReason.UpstreamReset,
        _ => EndReason.UpstreamError,
    };

    private void Linger()
    {
        if (_lingering!.IsOver(Reactor.Now) || Reactor.Now >= DurationDeadline)
            Complete(_reason, reset: true);
        else
            Reactor.Timers.Set(this, Reactor.Now + _lingering.NextPoll());
    }

    // Progress only stamps the time. The timer is set again when it fires, not for every byte.
    private void CheckLimits()
    {
        if (Reactor.Now >= IdleDeadline && IsDraining())
            LastProgress = Reactor.Now;

        if (Reactor.Now >= IdleDeadline)
            End(_fromClient.HasEnded || _fromUpstream.HasEnded ? EndReason.HalfClosedIdleTimeout : EndReason.IdleTimeout);
        else if (Reactor.Now >= DurationDeadline)
            End(EndReason.MaxDuration);
        else
            ArmTimer();
    }

    // A slow reader may take a whole limit's time for what the send queues hold: as long as it takes any, it is not idle.
    private bool IsDraining()
    {
        int before = _unacknowledged;
        _unacknowledged = _fromClient.Source.Unacknowledged + _fromUpstream.Source.Unacknowledged;
        return _unacknowledged > 0 && _unacknowledged != before;
    }

    private long DurationDeadline => _started + (long)_pair.Limits.MaxDuration.TotalMilliseconds;

    private long IdleDeadline => LastProgress + (long)
        (_fromClient.HasEnded || _fromUpstream.HasEnded ? _pair.Limits.HalfClosedIdle : _pair.Limits.Idle).TotalMilliseconds;

    private void ArmTimer() => Reactor.Timers.Set(this, Math.Min(IdleDeadline, DurationDeadline));

    // The proxy's own ends are resets: neither side may take a cut stream for a complete one.
    private void End(EndReason reason) => Complete(_reason == EndReason.None ? reason : _reason, reset: true);

    private void Complete(EndReason reason, bool reset)
    {
        if (_isClosing)
            return;

        _isClosing = true;
        Reactor.Timers.Cancel(this);
        _fromClient.Stop();
        _fromUpstream.Stop();
        Close(_fromClient.Source, _pair.Client, reset);
        Close(_fromUpstream.Source, _pair.Upstream, reset);
        _reason = reason;
        _completion.Complete(Reactor);
    }

    private static void Close(StreamSocket socket, ConnectionContext connection, bool reset)
    {
        if (reset)
            socket.Reset();
        else
            socket.Close();
        ((ReactorConnection)connection).TellClosed();
    }

    SpliceResult IValueTaskSource<SpliceResult>.GetResult(short token) =>
        new(_reason, _pair.BytesFromClient, _pair.BytesFromUpstream, _firstToClose, _errno);

    ValueTaskSourceStatus IValueTaskSource<SpliceResult>.GetStatus(short token) =>
        _completion.IsCompleted ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    void IValueTaskSource<SpliceResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(Reactor, continuation, state);
}
