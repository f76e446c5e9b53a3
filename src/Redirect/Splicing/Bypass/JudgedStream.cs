using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Pairs;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// A bypassed direction that rules judge, now where the application sends, now in the proxy: whose turn it is, and where in its stream it
/// is when the turn changes. Lives on its reactor. docs/decisions/0029 has the protocol.
/// </summary>
internal sealed class JudgedStream(RunningPair splice, ReactorBypass reactor, Direction side, int index) : ReactorTimer
{
    private const int MostTriesForABase = 4;
    private const int PollMilliseconds = 2;
    private const int LongestWaitMilliseconds = 2000;

    private ulong _acceptedBefore;
    private ulong _received;
    private ulong _sent;
    private ulong _mismatches;
    private long _deadline;
    private bool _isOurs;
    private bool _awaitsSink;

    private ref BypassRecord Record => ref reactor.Table[index];

    private StreamSocket Sink => side == Direction.FromClient ? splice.UpstreamSocket : splice.ClientSocket;

    /// <summary>Writes the place from which the program goes on. False: not now. Before it may run, and while the proxy holds nothing.</summary>
    internal bool TryBegin()
    {
        if (!splice.IsAtRest(side, out StandingVerdict standing) || !TryReadBase())
            return false;

        Place(standing);
        Record.SeenSentOn = ulong.MaxValue;
        return true;
    }

    /// <summary>The proxy has received bytes, and judges them from where the program has left the stream. Before it does.</summary>
    internal void Received(nint count)
    {
        _received += (ulong)count;
        if (_isOurs)
            return;

        ref BypassRecord record = ref Record;
        _isOurs = true;
        splice.Continue(side, WindowCode.Read(record.Standing, (long)record.Offset));
        if (record.Mismatches == _mismatches)
            return;

        _mismatches = record.Mismatches;
        _awaitsSink = true;
        _deadline = splice.ClientSocket.Reactor.Now + LongestWaitMilliseconds;
    }

    /// <summary>The sink took bytes of the proxy's.</summary>
    internal void Sent(nint count) => _sent += (ulong)count;

    /// <summary>If all that was received was judged and sent on, the program may go on from here.</summary>
    internal void Settle()
    {
        if (!_isOurs || !splice.IsAtRest(side, out StandingVerdict standing))
            return;

        _isOurs = false;
        Place(standing);
        Record.SentOn = _sent;
        Volatile.Write(ref Record.Forwarded, _received);
    }

    /// <summary>False while bytes that the program has redirected are not all in the sink's queue.</summary>
    internal bool MaySend()
    {
        if (!_awaitsSink)
            return true;

        _awaitsSink = Missing() > 0;
        if (_awaitsSink && !IsSet)
            splice.ClientSocket.Reactor.Timers.Set(this, splice.ClientSocket.Reactor.Now + PollMilliseconds);
        return !_awaitsSink;
    }

    /// <summary>Nothing is waited for any more.</summary>
    internal void OnClosing() => splice.ClientSocket.Reactor.Timers.Cancel(this);

    // The kernel had no memory for a part of a message, of which the application was told: the rest would be judged as one of its own.
    internal override void OnTimer()
    {
        if (MaySend())
        {
            Sink.ResumeSending();
            return;
        }

        if (splice.ClientSocket.Reactor.Now < _deadline)
            return;

        reactor.Engine.Counters.Refuse(OffloadRefused.Gap);
        splice.FailOffload(Errno.EPROTO);
    }

    private void Place(in StandingVerdict standing)
    {
        Record.Standing = WindowCode.Of(standing);
        Record.Offset = (ulong)standing.StreamOffset;
    }

    // An acknowledgement between the two calls makes it seem more, never less.
    private long Missing()
    {
        ulong acknowledged = Sink.ReadTcpInfo().BytesAcked;
        return (long)(_acceptedBefore + Record.Redirected + _sent) - (long)(acknowledged + (ulong)Sink.OutQueue);
    }

    private bool TryReadBase()
    {
        for (int i = 0; i < MostTriesForABase; i++)
        {
            ulong before = Sink.ReadTcpInfo().BytesAcked;
            _acceptedBefore = before + (ulong)Sink.OutQueue;
            if (Sink.ReadTcpInfo().BytesAcked == before)
                return true;
        }

        return false;
    }
}
