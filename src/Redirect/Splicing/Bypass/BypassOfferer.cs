using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>Offers connections to the bypass on their reactor, whose maps are made for the first of them.</summary>
/// <param name="engine">Shared by all reactors; null: nothing is offered before <see cref="Use"/> has brought one.</param>
/// <param name="reactors">How many there are.</param>
/// <param name="failed">As for the <see cref="KernelSplicer"/>.</param>
internal sealed class BypassOfferer(BypassEngine? engine, int reactors, Action<Errno, string>? failed) : IPairOfferer, IDisposable
{
    private readonly ReactorBypass?[] _bypasses = new ReactorBypass?[reactors];
    private readonly bool[] _isAsked = new bool[reactors];
    private volatile BypassEngine? _engine = engine;

    /// <summary>What each reactor has, by its index; null where it has not needed any, or could not make it.</summary>
    internal IReadOnlyList<ReactorBypass?> Bypasses => _bypasses;

    /// <summary>From now on connections are offered. Once; safe from any thread.</summary>
    internal void Use(BypassEngine engine)
    {
        if (Interlocked.CompareExchange(ref _engine, engine, null) is not null)
            throw new InvalidOperationException("There is an engine already");
    }

    /// <inheritdoc/>
    public IPairOffload? Offer(RunningPair splice, SplicePair pair, IPairOffload? next)
    {
        if (_engine is not { } engine)
            return next;

        OffloadRefused? obstacle = TryFindOffer(splice, engine, pair, next, out BypassOffer? offer);
        if (obstacle is null)
            return offer;

        engine.Counters.Refuse(obstacle.Value);
        return next;
    }

    /// <summary>No connection lies in these maps any more: gives back what a reactor has made for them. On the reactor's thread.</summary>
    internal void Forget(Reactor reactor, SpliceMaps maps)
    {
        if (_engine?.Plans.PlansOf(maps) is { } plans)
            _bypasses[reactor.Index]?.Forget(plans);
    }

    /// <summary>The same for what all reactors share, once each has.</summary>
    internal void Forget(SpliceMaps maps) => _engine?.Plans.Forget(maps);

    /// <summary>The maps of a reactor, which it makes when it first asks, on its thread; null where they could not be made.</summary>
    internal ReactorBypass? BypassOf(Reactor reactor, BypassEngine engine)
    {
        if (_isAsked[reactor.Index])
            return _bypasses[reactor.Index];

        _isAsked[reactor.Index] = true;
        Errno errno = ReactorBypass.TryCreate(engine, reactor, out ReactorBypass? bypass, out string refusal);
        if (errno != Errno.None)
            failed?.Invoke(errno, refusal);
        return _bypasses[reactor.Index] = bypass;
    }

    private OffloadRefused? TryFindOffer(RunningPair splice, BypassEngine engine, SplicePair pair, IPairOffload? next, out BypassOffer? offer)
    {
        offer = null;
        if (!engine.Plans.TryFind(pair.Maps, out SplicePlans plans))
            return OffloadRefused.Program;
        if (BypassOf(splice.ClientSocket.Reactor, engine) is not { } bypass)
            return OffloadRefused.Unavailable;

        Errno errno = bypass.OfferBefore(next, plans, out offer, out string refusal);
        if (errno != Errno.None && refusal.Length > 0)
            failed?.Invoke(errno, refusal);
        return errno == Errno.None ? null : OffloadRefused.Unavailable;
    }

    /// <summary>Gives the maps back. Only when the reactors have stopped.</summary>
    public void Dispose()
    {
        foreach (ReactorBypass? bypass in _bypasses)
            bypass?.Dispose();
        _engine?.Dispose();
    }
}
