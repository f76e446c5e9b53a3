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
    private readonly Dictionary<(IPairOffload? Next, SplicePlans Plans), BypassOffer> _offers = [];
    private readonly Dictionary<PlanInKernel, BypassMaps?> _judging = [];
    private ulong _lastKey;

    private ReactorBypass(BypassEngine engine, Reactor reactor, BypassMaps maps, RecordTable<BypassRecord, PairBypass> table)
    {
        (Engine, _reactor, Maps, Table) = (engine, reactor, maps, table);
        _offer = new BypassOffer(this, null, default);
    }

    internal BypassEngine Engine { get; }

    internal BypassMaps Maps { get; }

    internal RecordTable<BypassRecord, PairBypass> Table { get; }

    /// <summary>Makes the maps, on the reactor's thread. An errno, and where the verifier refused a program what it had to say.</summary>
    internal static Errno TryCreate(BypassEngine engine, Reactor reactor, out ReactorBypass? bypass, out string refusal)
    {
        bypass = null;
        Errno errno = BypassMaps.TryCreate(engine.Fields, 2 * (uint)engine.Options.PairsPerReactor, null, null, out BypassMaps? maps, out refusal);
        if (errno != Errno.None)
            return errno;

        errno = RecordTable<BypassRecord, PairBypass>.Map(maps!.Records, out RecordTable<BypassRecord, PairBypass>? table);
        if (errno == Errno.None)
            bypass = new ReactorBypass(engine, reactor, maps, table!);
        else
            maps.Dispose();
        return errno;
    }

    /// <summary>
    /// What offers connections to it that are judged so, and those that it cannot take to the path after it; null: there is none. An errno
    /// where a program could not be loaded, the first time with what the verifier had to say.
    /// </summary>
    internal Errno OfferBefore(IPairOffload? next, SplicePlans plans, out BypassOffer? offer, out string refusal)
    {
        (offer, refusal) = (_offer, "");
        if (next is null && plans == default)
            return Errno.None;
        if (_offers.TryGetValue((next, plans), out offer))
            return Errno.None;

        Errno errno = Prepare(plans.FromClient, ref refusal);
        if (errno == Errno.None)
            errno = Prepare(plans.FromUpstream, ref refusal);
        if (errno == Errno.None)
            _offers.Add((next, plans), offer = new BypassOffer(this, next, plans));
        return errno;
    }

    /// <summary>The maps for directions that a plan judges, which was prepared; null: nothing judges them.</summary>
    internal BypassMaps MapsFor(PlanInKernel? plan) => plan is null ? Maps : _judging[plan]!;

    /// <summary>Gives back what was made for these plans, which no connection has any more.</summary>
    internal void Forget(SplicePlans plans)
    {
        foreach ((IPairOffload? Next, SplicePlans Plans) key in _offers.Keys.Where(key => key.Plans == plans).ToArray())
            _offers.Remove(key);
        Forget(plans.FromClient);
        Forget(plans.FromUpstream);
    }

    /// <summary>No socket is in any of the maps.</summary>
    internal bool IsEmpty() => Maps.IsEmpty() && _judging.Values.All(static maps => maps is null || maps.IsEmpty());

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

    private Errno Prepare(PlanInKernel? plan, ref string refusal)
    {
        if (plan is null)
            return Errno.None;
        if (_judging.TryGetValue(plan, out BypassMaps? maps))
            return maps is null ? Errno.EINVAL : Errno.None;

        Errno errno = BypassMaps.TryCreate(Engine.Fields, 2 * (uint)Engine.Options.PairsPerReactor, plan, Maps.Records, out maps, out refusal);
        _judging.Add(plan, maps);
        return errno;
    }

    private void Forget(PlanInKernel? plan)
    {
        if (plan is not null && _judging.Remove(plan, out BypassMaps? maps))
            maps?.Dispose();
    }

    public void Dispose()
    {
        _reactor.Timers.Cancel(this);
        foreach (BypassMaps? maps in _judging.Values)
            maps?.Dispose();
        Table.Dispose();
        Maps.Dispose();
    }
}
