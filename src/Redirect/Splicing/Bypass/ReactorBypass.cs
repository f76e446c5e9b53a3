using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// One reactor's bypassed connections while they live: once a second looks at each, so that byte counts and idle times go on while no
/// byte comes through user space.
/// </summary>
internal sealed class ReactorBypass : ReactorTimer, IDisposable
{
    private const int SweepMilliseconds = 1000;

    private readonly Reactor _reactor;
    private readonly BypassOffer _offer;
    private readonly Dictionary<IPairOffload, BypassOffer> _offersBefore = [];
    private ulong _lastKey;

    private ReactorBypass(BypassEngine engine, Reactor reactor, BypassMaps maps, RecordTable<BypassRecord, PairBypass> table)
    {
        (Engine, _reactor, Maps, Table) = (engine, reactor, maps, table);
        _offer = new BypassOffer(this, null);
    }

    internal BypassEngine Engine { get; }

    internal BypassMaps Maps { get; }

    internal RecordTable<BypassRecord, PairBypass> Table { get; }

    /// <summary>Makes the maps, on the reactor's thread. An errno, and where the verifier refused a program what it had to say.</summary>
    internal static Errno TryCreate(BypassEngine engine, Reactor reactor, out ReactorBypass? bypass, out string refusal)
    {
        bypass = null;
        Errno errno = BypassMaps.TryCreate(engine.Fields, 2 * (uint)engine.Options.PairsPerReactor, out BypassMaps? maps, out refusal);
        if (errno != Errno.None)
            return errno;

        errno = RecordTable<BypassRecord, PairBypass>.Map(maps!.Records, out RecordTable<BypassRecord, PairBypass>? table);
        if (errno == Errno.None)
            bypass = new ReactorBypass(engine, reactor, maps, table!);
        else
            maps.Dispose();
        return errno;
    }

    /// <summary>What offers connections to it, and those that it cannot take to the path after it; null: there is none.</summary>
    internal BypassOffer OfferBefore(IPairOffload? next)
    {
        if (next is null)
            return _offer;
        if (!_offersBefore.TryGetValue(next, out BypassOffer? offer))
            _offersBefore.Add(next, offer = new BypassOffer(this, next));
        return offer;
    }

    /// <summary>A number for a direction, which no other ever has.</summary>
    internal ulong NextKey() => ++_lastKey;

    /// <summary>A pair was promoted, and has these records.</summary>
    internal void Begin(PairBypass pair, int index)
    {
        Table.Give(index, pair);
        if (!IsSet)
            _reactor.Timers.Set(this, _reactor.Now + SweepMilliseconds);
    }

    internal override void OnTimer()
    {
        if (Table.Count == 0)
            return;

        foreach (PairBypass? pair in Table.Pairs)
            pair?.Sweep();
        _reactor.Timers.Set(this, _reactor.Now + SweepMilliseconds);
    }

    public void Dispose()
    {
        _reactor.Timers.Cancel(this);
        Table.Dispose();
        Maps.Dispose();
    }
}
