using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// One direction whose sender is an application on this host: its sends go into the sink's send queue by themselves where they may. Lives
/// on its reactor. docs/decisions/0021 has the protocol.
/// </summary>
internal sealed class BypassedDirection(RunningPair splice, ReactorBypass reactor, Direction side, PlanInKernel? plan, int index)
{
    private readonly BypassMaps _maps = reactor.MapsFor(plan);
    private readonly JudgedStream? _judged = plan is null ? null : new JudgedStream(splice, reactor, side, index);
    private ulong _key;
    private bool _isIngress;
    private BypassRecord _counted;
    private ulong _delivered;
    private ulong _takenBefore;

    /// <summary>True while the application's sends may go past the proxy.</summary>
    internal bool IsPromoted { get; private set; }

    private ref BypassRecord Record => ref reactor.Table[index];

    private StreamSocket Sink => side == Direction.FromClient ? splice.UpstreamSocket : splice.ClientSocket;

    /// <summary>
    /// Puts the sockets in. From here on <see cref="Forwarded"/> must be told of every byte that the proxy itself sends to the sink; nothing
    /// is redirected before <see cref="Begin"/>. Null: done; else why not. Whoever moves the bytes must hold none of this direction.
    /// </summary>
    internal OffloadRefused? Insert(ref PromotionRequest request)
    {
        _key = reactor.NextKey();
        (request.Key, request.Index, request.Generation) = (_key, (uint)index, GenerationOf(_key));
        if (_judged is not null && !_judged.TryBegin())
            return OffloadRefused.Insert;

        Errno errno = _maps.Promote(request, out PromotionResult result);
        if (errno == Errno.None && result == PromotionResult.Promoted)
        {
            IsPromoted = true;
            _takenBefore = Sink.ReadTaken();
            return null;
        }

        if (result == PromotionResult.Sender)
            _maps.RemoveSink(_key);
        return errno == Errno.None ? ReasonFor(result) : OffloadRefused.Unavailable;
    }

    /// <summary>
    /// Both directions are in, and bytes go into the receiver's own queue. From then on its socket stays in the map as long as the connection lives:
    /// what it has not read would be lost with it.
    /// </summary>
    internal void UseIngress(BypassedDirection other)
    {
        Record.PeerKey = other._key;
        Record.IsIngress = 1;
        _isIngress = true;
    }

    /// <summary>Memory of what the receiver has not taken out of its own queue; 0: nothing.</summary>
    internal int Unread() => _isIngress && Volatile.Read(ref Record.IngressBytes) != 0 ? _maps.Unread(Sink) : 0;

    /// <summary>The sink's bytes are counted: the application's sends may go past from now on.</summary>
    internal void Begin()
    {
        Volatile.Write(ref Record.Generation, GenerationOf(_key));
        reactor.Engine.Counters.Promoted();
        splice.PathChanged(side, DataPath.Bypass);
    }

    /// <summary>The proxy has received bytes of this direction, and the sink's TCP has taken them.</summary>
    internal void Forwarded(nint count)
    {
        if (_judged is not null)
        {
            _judged.Sent(count);
            return;
        }

        ref BypassRecord record = ref Record;
        Volatile.Write(ref record.Forwarded, record.Forwarded + (ulong)count);
    }

    /// <summary>The proxy has received bytes of this direction, and does not know yet what its rules say of them.</summary>
    internal void Received(nint count) => _judged?.Received(count);

    /// <summary>The proxy may hold nothing of this direction any more: then what is sent next may be judged where it is sent.</summary>
    internal void Settle() => _judged?.Settle();

    /// <summary>False while bytes are on their way to the sink that what the proxy sends now could overtake.</summary>
    internal bool MaySend() => _judged is null || _judged.MaySend();

    /// <summary>What went past since the last time goes into the counts.</summary>
    internal void Account()
    {
        BypassRecord now = Record;
        if (_key == 0)
            return;

        ulong redirected = BytesOf(now) + now.IngressBytes;
        if (redirected > _delivered)
        {
            splice.Delivered(side, DataPath.Bypass, (long)(redirected - _delivered));
            _delivered = redirected;
        }

        if ((now.Messages, now.Passed, now.Dropped) == (_counted.Messages, _counted.Passed, _counted.Dropped))
            return;

        MessageCounters counters = reactor.Engine.Messages;
        counters.Add(now.Messages - _counted.Messages, now.Dropped - _counted.Dropped);
        counters.Add(BypassPass.Order, now.PassedForOrder - _counted.PassedForOrder);
        counters.Add(BypassPass.Sender, now.PassedForSender - _counted.PassedForSender);
        counters.Add(BypassPass.Sink, now.PassedForSink - _counted.PassedForSink);
        counters.Add(BypassPass.Room, now.PassedForRoom - _counted.PassedForRoom);
        counters.Add(BypassPass.Memory, now.PassedForMemory - _counted.PassedForMemory);
        counters.Add(BypassPass.Rules, now.PassedForRules - _counted.PassedForRules);
        _counted = now;
    }

    // What the program counted is exact where every push found its room. Where one may not have, the sink's TCP knows what it took, as long as
    // that is where our own bytes go as well.
    private ulong BytesOf(in BypassRecord now)
    {
        if (now.Shortfall != Shortfall.Push)
            return now.Redirected;

        ulong ours = now.Forwarded + (Sink.HasSentFin ? 1u : 0);
        return (ulong)Math.Clamp((long)(Sink.ReadTaken() - _takenBefore - ours), 0, (long)now.Redirected);
    }

    /// <summary>Once a second.</summary>
    internal void Sweep()
    {
        Account();
        if (IsPromoted && Volatile.Read(ref Record.IsBlocking) != 0)
        {
            reactor.Engine.Counters.Refuse(OffloadRefused.Blocking);
            Demote();
        }
    }

    /// <summary>The application's sends go through the proxy again, and its socket is none of the map's. For good.</summary>
    internal void Demote()
    {
        if (!IsPromoted)
            return;

        Leave();
        splice.PathChanged(side, DataPath.Copy);
        reactor.Engine.Counters.Demoted();
    }

    /// <summary>The sockets are about to be closed.</summary>
    internal void OnClosing()
    {
        Volatile.Write(ref Record.Generation, 0u);
        Account();
        _judged?.OnClosing();
        if (IsPromoted)
            Leave();
        if (_isIngress)
            _maps.RemoveSender(_key);
    }

    private void Leave()
    {
        IsPromoted = false;
        Volatile.Write(ref Record.Generation, 0u);
        if (!_isIngress)
            _maps.RemoveSender(_key);
        reactor.Engine.Counters.Left();
    }

    private static uint GenerationOf(ulong key) => Math.Max(1u, (uint)key);

    private static OffloadRefused ReasonFor(PromotionResult result) => result switch
    {
        PromotionResult.Remote or PromotionResult.Mismatch => OffloadRefused.Remote,
        PromotionResult.UpperLayer => OffloadRefused.UpperLayer,
        PromotionResult.Completions => OffloadRefused.Completions,
        PromotionResult.LowWater => OffloadRefused.LowWater,
        PromotionResult.Blocking => OffloadRefused.Blocking,
        PromotionResult.Malformed => OffloadRefused.Unavailable,
        _ => OffloadRefused.Insert,
    };
}
