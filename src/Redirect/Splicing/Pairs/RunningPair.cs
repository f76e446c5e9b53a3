using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Pairs;

/// <summary>
/// The life of one spliced connection, whatever moves its bytes: its time limits, its one reason, the wait before an RST is
/// passed on, and its end. Lives on its reactor.
/// </summary>
internal abstract class RunningPair : ReactorTimer, IValueTaskSource<SpliceResult>, IRunningSplice
{
    private readonly StreamSocket _client;
    private readonly long _started;
    private ReactorCompletion _completion;
    private Lingering? _lingering;
    private long _lastProgress;
    private Errno _errno;
    private int _unacknowledged;
    private EndReason _reason;
    private bool _hasFirstToClose;
    private Direction _firstToClose;

    private protected RunningPair(SplicePair pair, StreamSocket client)
    {
        (Pair, _client) = (pair, client);
        _started = _lastProgress = Reactor.Now;
    }

    private protected SplicePair Pair { get; }

    /// <summary>Offers it to the kernel; null where nobody does. Set before it runs.</summary>
    internal IPairOffload? Offload { get; set; }

    /// <summary>Counted by <see cref="Offload"/> before it decides.</summary>
    internal ushort TimesDrained { get; set; }

    /// <summary>The client's socket.</summary>
    internal StreamSocket ClientSocket => _client;

    /// <summary>The upstream's socket.</summary>
    internal StreamSocket UpstreamSocket => ((ReactorConnection)Pair.Upstream).Socket;

    private protected Reactor Reactor => _client.Reactor;

    internal bool IsCompleted { get; private set; }

    private bool IsHalfClosed => Pair.ClientClosed || Pair.UpstreamClosed;

    internal ValueTask<SpliceResult> RunAsync()
    {
        Pair.Enter(this);
        ArmTimer();
        Start();
        return new ValueTask<SpliceResult>(this, token: 0);
    }

    /// <summary>Bytes were handed to the socket they go to.</summary>
    internal void Delivered(Direction direction, DataPath path, long count)
    {
        _lastProgress = Reactor.Now;
        Pair.Delivered(direction, path, count);
    }

    /// <summary>Whoever moves a direction's bytes does it in another way.</summary>
    internal void PathChanged(Direction direction, DataPath path)
    {
        if (path is DataPath.Copy or DataPath.Splice && Offload is { } offload && offload.Bypasses(direction))
            return; // only what goes no other way comes by it

        if (direction == Direction.FromClient)
            Pair.PathFromClient = path;
        else
            Pair.PathFromUpstream = path;
        Pair.OnPathChanged(direction, path);
    }

    /// <summary>A FIN was passed on after the last byte before it. With the second the connection is complete.</summary>
    internal void FinPassedOn(Direction direction)
    {
        CloseFirst(direction);
        _lastProgress = Reactor.Now; // else a FIN after a long silence would find its new, shorter limit already over
        Pair.FinPassedOn(direction);
        CompleteWhenDone();
        if (!IsCompleted)
            ArmTimer();
    }

    /// <summary>A defect in this connection must not touch any other.</summary>
    internal void Fault(Exception exception)
    {
        if (exception is not OperationCanceledException)
            Reactor.Report(exception);
        End(EndReason.InternalError);
    }

    void IAbortable.Abort(EndReason reason) => Reactor.Post(_ => End(reason), null);

    void IRunningSplice.Demote() => Reactor.Post(static pair => ((RunningPair)pair!).DemoteNow(), this);

    void IRunningSplice.CloseBetweenMessages() => Reactor.Post(static pair => ((RunningPair)pair!).BeginToClose(), this);

    internal override void OnTimer()
    {
        if (_lingering is not null)
            Linger();
        else
            CheckLimits();
    }

    /// <summary>
    /// True when nobody in user space holds a byte that came from this side, and its program is between two messages, so that the
    /// kernel could go on from here.
    /// </summary>
    internal abstract bool IsAtRest(Direction side, out StandingVerdict standing);

    /// <summary>The kernel has carried bytes of this side, and user space goes on from here. Before the next is received.</summary>
    internal virtual void Continue(Direction side, in StandingVerdict standing)
    {
    }

    /// <summary>The kernel's part of it has failed in a way that leaves no honest way on.</summary>
    internal void FailOffload(Errno errno)
    {
        Blame(EndReason.InternalError, errno, side: null);
        ResetNow();
    }

    /// <summary>It is to end at the next boundary of messages, where it knows them.</summary>
    private protected virtual void BeginToClose()
    {
    }

    /// <summary>Everything was delivered and nothing is under way: ends with FIN on both sides.</summary>
    private protected void EndClean(EndReason reason) => Complete(reason, reset: false);

    /// <summary>Begins to move bytes both ways.</summary>
    private protected abstract void Start();

    /// <summary>Moves nothing more and gives all memory back. The sockets are closed afterwards.</summary>
    private protected abstract void Stop();

    /// <summary>Something ended the connection that is not a FIN; the first such thing is its reason.</summary>
    private protected void Blame(EndReason reason, Errno errno, Direction? side)
    {
        if (side is { } closer)
            CloseFirst(closer);
        if (_reason == EndReason.None)
            (_reason, _errno) = (reason, errno);
    }

    /// <summary>
    /// All that came before the end is in the send queue of <paramref name="socket"/>: once that is empty, it is reset and the
    /// connection ends.
    /// </summary>
    private protected void ResetWhenAcknowledged(StreamSocket socket)
    {
        _lingering = new Lingering(socket, Reactor.Now);
        Linger();
    }

    /// <summary>Bytes that the ends which are still there have not acknowledged, while an RST waits for them.</summary>
    private protected virtual int Unacknowledged(StreamSocket socket) => socket.HasFailed ? 0 : socket.Unacknowledged;

    /// <summary>True while somebody besides the two sockets has not got everything.</summary>
    private protected virtual bool HasOthers => false;

    /// <summary>Completes once both FINs were passed on and nobody else is left.</summary>
    private protected void CompleteWhenDone()
    {
        if (Pair.ClientClosed && Pair.UpstreamClosed && !HasOthers)
            Complete(EndReason.Completed, reset: false);
    }

    /// <summary>Ends with RST at once, for the reason that was blamed.</summary>
    private protected void ResetNow() => Complete(_reason, reset: true);

    private void DemoteNow()
    {
        if (!IsCompleted)
            Offload?.Demote(this);
    }

    // The proxy's own ends are resets: neither side may take a cut stream for a complete one.
    private void End(EndReason reason) => Complete(_reason == EndReason.None ? reason : _reason, reset: true);

    private void Linger()
    {
        if (_lingering!.IsOver(Unacknowledged(_lingering.Socket), Reactor.Now) || Reactor.Now >= DurationDeadline)
            ResetNow();
        else
            Reactor.Timers.Set(this, Reactor.Now + _lingering.NextPoll());
    }

    // Progress only stamps the time. The timer is set again when it fires, not for every byte.
    private void CheckLimits()
    {
        Offload?.CountProgress();
        if (Reactor.Now >= IdleDeadline && (IsDraining() || IsPaused))
            _lastProgress = Reactor.Now;

        if (Reactor.Now >= IdleDeadline)
            End(IsHalfClosed ? EndReason.HalfClosedIdleTimeout : EndReason.IdleTimeout);
        else if (Reactor.Now >= DurationDeadline)
            End(EndReason.MaxDuration);
        else
            ArmTimer();
    }

    // A slow reader may take a whole limit's time for what the send queues hold: as long as it takes any, it is not idle.
    private bool IsDraining()
    {
        int before = _unacknowledged;
        _unacknowledged = _client.Unacknowledged + UpstreamSocket.Unacknowledged;
        return _unacknowledged > 0 && _unacknowledged != before;
    }

    private bool IsPaused => _client.IsPaused || UpstreamSocket.IsPaused;

    private long DurationDeadline => _started + (long)Pair.Limits.MaxDuration.TotalMilliseconds;

    private long IdleDeadline =>
        _lastProgress + (long)(IsHalfClosed ? Pair.Limits.HalfClosedIdle : Pair.Limits.Idle).TotalMilliseconds;

    private void ArmTimer() => Reactor.Timers.Set(this, Math.Min(IdleDeadline, DurationDeadline));

    private void Complete(EndReason reason, bool reset)
    {
        if (IsCompleted)
            return;

        IsCompleted = true;
        Reactor.Timers.Cancel(this);
        if (reason != EndReason.Completed && Pair.WantsFacts(reason))
            Pair.OnEnding(_client.ReadFacts(), UpstreamSocket.ReadFacts());
        Offload?.OnClosing();
        Stop();
        Close(_client, Pair.Client, reset);
        Close(UpstreamSocket, Pair.Upstream, reset);
        Offload?.OnClosed();
        _reason = reason;
        _completion.Complete(Reactor);
    }

    private void CloseFirst(Direction side)
    {
        if (!_hasFirstToClose)
            (_hasFirstToClose, _firstToClose) = (true, side);
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
        new(_reason, Pair.BytesFromClient, Pair.BytesFromUpstream, _hasFirstToClose ? _firstToClose : null, _errno);

    ValueTaskSourceStatus IValueTaskSource<SpliceResult>.GetStatus(short token) =>
        _completion.IsCompleted ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    void IValueTaskSource<SpliceResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(Reactor, continuation, state);
}
