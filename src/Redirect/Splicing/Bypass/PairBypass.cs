using Sluice.Redirect.Linux;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>One connection of which at least one end is an application on this host. Lives on its reactor.</summary>
internal sealed class PairBypass : IPairOffload
{
    private readonly RunningPair _splice;
    private readonly ReactorBypass _reactor;
    private readonly BypassedDirection _fromClient;
    private readonly BypassedDirection _fromUpstream;
    private readonly int _index;
    private readonly bool _isJudged;
    private BypassGuard? _clientGuard;
    private BypassGuard? _upstreamGuard;

    private PairBypass(RunningPair splice, ReactorBypass reactor, SplicePlans plans, int index)
    {
        (_splice, _reactor, _index, _isJudged) = (splice, reactor, index, plans != default);
        _fromClient = new BypassedDirection(splice, reactor, Direction.FromClient, plans.FromClient, index);
        _fromUpstream = new BypassedDirection(splice, reactor, Direction.FromUpstream, plans.FromUpstream, index + 1);
    }

    /// <summary>
    /// Promotes what can be. Null: neither direction could, and everything is as before. Only while whoever moves its bytes holds none.
    /// </summary>
    internal static PairBypass? TryPromote(RunningPair splice, ReactorBypass reactor, SplicePlans plans)
    {
        (StreamSocket client, StreamSocket upstream) = (splice.ClientSocket, splice.UpstreamSocket);
        OffloadRefused? obstacle = !client.IsTcp || !upstream.IsTcp ? OffloadRefused.NotTcp
            : client.HasUrgentData || upstream.HasUrgentData ? OffloadRefused.UrgentData
            : client.LiftUnsentLimit() < 0 || upstream.LiftUnsentLimit() < 0 ? OffloadRefused.Insert
            // Whether all that rules sent on is there is told by these sockets' TCP: nothing of it may go past that in turn.
            : plans != default && (client.RefuseBypass() < 0 || upstream.RefuseBypass() < 0) ? OffloadRefused.Insert
            : null;
        int index = obstacle is null ? reactor.Table.Rent(null) : -1;
        if (index < 0)
        {
            reactor.Engine.Counters.Refuse(obstacle ?? OffloadRefused.MapFull);
            return null;
        }

        var pair = new PairBypass(splice, reactor, plans, index);
        if (pair.TryPromote(client, upstream))
        {
            reactor.Begin(pair, index);
            return pair;
        }

        reactor.Table.Return(index);
        return null;
    }

    public void Drained(RunningPair pair, Direction side) => Settle();

    public void AllSent(RunningPair pair) => Settle();

    public void CountProgress()
    {
        _fromClient.Account();
        _fromUpstream.Account();
    }

    public bool Bypasses(Direction side) => (side == Direction.FromClient ? _fromClient : _fromUpstream).IsPromoted;

    public void Demote(RunningPair pair)
    {
        _fromClient.Demote();
        _fromUpstream.Demote();
    }

    public void OnClosing()
    {
        _clientGuard?.OnClosing();
        _upstreamGuard?.OnClosing();
        _fromClient.OnClosing();
        _fromUpstream.OnClosing();
    }

    public void OnClosed() => _reactor.Table.Return(_index);

    /// <summary>Once a second.</summary>
    internal void Sweep()
    {
        if (_splice.IsCompleted)
            return;

        _fromClient.Sweep();
        _fromUpstream.Sweep();
    }

    private void Settle()
    {
        _fromClient.Settle();
        _fromUpstream.Settle();
    }

    private bool TryPromote(StreamSocket client, StreamSocket upstream)
    {
        SocketTuple fromClient = client.Tuple(isMirrored: false, out uint clientSize), toClient = client.Tuple(isMirrored: true, out _);
        SocketTuple fromUpstream = upstream.Tuple(isMirrored: false, out uint upstreamSize), toUpstream = upstream.Tuple(isMirrored: true, out _);
        (ulong clientCookie, ulong upstreamCookie) = (client.Cookie, upstream.Cookie);
        var request = new PromotionRequest
        {
            Sender = toClient, Source = fromClient, Sink = fromUpstream, SourceCookie = clientCookie, SinkCookie = upstreamCookie,
            SourceTupleSize = clientSize, SinkTupleSize = upstreamSize,
        };
        OffloadRefused? clients = _fromClient.Insert(ref request);
        request = new PromotionRequest
        {
            Sender = toUpstream, Source = fromUpstream, Sink = fromClient, SourceCookie = upstreamCookie, SinkCookie = clientCookie,
            SourceTupleSize = upstreamSize, SinkTupleSize = clientSize,
        };
        OffloadRefused? upstreams = _fromUpstream.Insert(ref request);
        CountRefusals(clients, upstreams);
        if (clients is not null && upstreams is not null)
            return false;

        if (clients is null && upstreams is null && _reactor.Engine.Options.UseIngress && !_isJudged
            && client.RefuseBypass() == 0 && upstream.RefuseBypass() == 0)
        {
            _fromClient.UseIngress(_fromUpstream);
            _fromUpstream.UseIngress(_fromClient);
        }

        (_clientGuard, _upstreamGuard) = (new(client, _fromClient, _fromUpstream), new(upstream, _fromUpstream, _fromClient));
        _ = client.EnterSockMap(_clientGuard, static _ => Errno.None);
        _ = upstream.EnterSockMap(_upstreamGuard, static _ => Errno.None);
        if (clients is null)
            _fromClient.Begin();
        if (upstreams is null)
            _fromUpstream.Begin();
        _reactor.Engine.Counters.Inserted();
        return true;
    }

    // That one end is elsewhere is the ordinary case of a sidecar: it is worth telling only where the other end gained nothing either.
    private void CountRefusals(OffloadRefused? clients, OffloadRefused? upstreams)
    {
        OffloadCounters counters = _reactor.Engine.Counters;
        bool isSameForBoth = clients == upstreams;
        if (clients is { } first && (first != OffloadRefused.Remote || isSameForBoth))
            counters.Refuse(first);
        if (upstreams is { } second && second != OffloadRefused.Remote && !isSameForBoth)
            counters.Refuse(second);
    }
}
