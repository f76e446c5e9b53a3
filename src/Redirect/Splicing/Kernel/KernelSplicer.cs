using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Managed;
using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// The reactor's splicer with the kernel's sockmap behind it: connections whose programs can run there, or that no program
/// judges, are offered to the kernel; all others are spliced as by <see cref="ManagedSplicer"/>.
/// </summary>
public sealed class KernelSplicer : ManagedSplicer, IDisposable
{
    private readonly Action<Errno, string>? _failed;
    private readonly IPairOfferer? _before;
    private readonly ReactorOffload?[] _offloads;
    private readonly bool[] _isAsked;
    private volatile KernelEngine? _engine;

    /// <summary>For so many reactors.</summary>
    /// <param name="engine">Shared by all reactors; null: nothing is offered before <see cref="Use"/> has brought one.</param>
    /// <param name="reactors">How many there are.</param>
    /// <param name="useSplice">As for the managed splicer.</param>
    /// <param name="failed">
    /// Hears, on a reactor's thread, that its maps could not be made: the errno, and the verifier's log where it refused the program.
    /// Its connections stay in user space.
    /// </param>
    public KernelSplicer(KernelEngine? engine, int reactors, bool useSplice, Action<Errno, string>? failed = null)
        : this(engine, reactors, useSplice, failed, before: null)
    {
    }

    /// <summary>The same, and offers pairs to another path before.</summary>
    internal KernelSplicer(KernelEngine? engine, int reactors, bool useSplice, Action<Errno, string>? failed, IPairOfferer? before)
        : base(useSplice)
    {
        (_engine, _failed, _before) = (engine, failed, before);
        (_offloads, _isAsked) = (new ReactorOffload?[reactors], new bool[reactors]);
    }

    /// <summary>From now on connections are offered to the kernel; those that are spliced already stay where they are. Once; safe from any thread.</summary>
    public void Use(KernelEngine engine)
    {
        if (Interlocked.CompareExchange(ref _engine, engine, null) is not null)
            throw new InvalidOperationException("There is an engine already");
    }

    /// <summary>What each reactor has, by its index; null where it has not needed any, or could not make it.</summary>
    internal IReadOnlyList<ReactorOffload?> Offloads => _offloads;

    /// <summary>Gives the maps back. Only when the reactors have stopped.</summary>
    public void Dispose()
    {
        foreach (ReactorOffload? offload in _offloads)
            offload?.Dispose();
        _engine?.Dispose();
    }

    /// <summary>No connection lies in these maps any more: gives back what a reactor has made for them. On the reactor's thread.</summary>
    internal void Forget(Reactor reactor, SpliceMaps maps)
    {
        if (_engine?.Plans.PlansOf(maps) is { } plans)
            _offloads[reactor.Index]?.Forget(plans);
    }

    /// <summary>The same for what all reactors share, once each has.</summary>
    internal void Forget(SpliceMaps maps) => _engine?.Plans.Forget(maps);

    private protected override void Prepare(RunningPair splice, SplicePair pair)
    {
        OfferToSockmap(splice, pair);
        if (_before is not null && pair.MayBypass)
            splice.Offload = _before.Offer(splice, pair, splice.Offload);
    }

    private void OfferToSockmap(RunningPair splice, SplicePair pair)
    {
        if (_engine is not { } engine || !pair.MayOffload)
            return;

        OffloadRefused? refused = TryPrepare(engine, splice, pair);
        if (refused is { } reason)
            engine.Counters.Refuse(reason);
    }

    private OffloadRefused? TryPrepare(KernelEngine engine, RunningPair splice, SplicePair pair)
    {
        if (!engine.Plans.TryFind(pair.Maps, out SplicePlans plans))
            return OffloadRefused.Program;
        if (OffloadOf(splice.ClientSocket.Reactor, engine) is not { } offload)
            return OffloadRefused.Unavailable;

        Errno errno = offload.SocketsFor(plans, out SpliceSockets? sockets, out string log);
        if (errno == Errno.None)
            splice.Offload = sockets!.OfferBy(offload);
        else if (log.Length > 0)
            _failed?.Invoke(errno, log);
        return errno == Errno.None ? null : OffloadRefused.Unavailable;
    }

    /// <summary>The maps of a reactor, which it makes when it first asks, on its thread; null where they could not be made.</summary>
    internal ReactorOffload? OffloadOf(Reactor reactor, KernelEngine engine)
    {
        if (_isAsked[reactor.Index])
            return _offloads[reactor.Index];

        _isAsked[reactor.Index] = true;
        Errno errno = ReactorOffload.TryCreate(engine, reactor, out ReactorOffload? offload);
        if (errno != Errno.None)
            _failed?.Invoke(errno, "");
        return _offloads[reactor.Index] = offload;
    }
}
