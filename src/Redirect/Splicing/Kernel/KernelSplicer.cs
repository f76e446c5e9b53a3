using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Managed;
using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// The reactor's splicer with the kernel's sockmap behind it: connections that no program judges and that may be offloaded are
/// offered to the kernel, all others are spliced as by <see cref="ManagedSplicer"/>.
/// </summary>
/// <param name="engine">Shared by all reactors; null: nothing is offered before <see cref="Use"/> has brought one.</param>
/// <param name="reactors">How many there are.</param>
/// <param name="useSplice">As for the managed splicer.</param>
/// <param name="failed">
/// Hears, on a reactor's thread, that its maps could not be made: the errno, and the verifier's log where it refused the program.
/// Its connections stay in user space.
/// </param>
public sealed class KernelSplicer(KernelEngine? engine, int reactors, bool useSplice, Action<Errno, string>? failed = null)
    : ManagedSplicer(useSplice), IDisposable
{
    private readonly ReactorOffload?[] _offloads = new ReactorOffload?[reactors];
    private readonly bool[] _isAsked = new bool[reactors];
    private volatile KernelEngine? _engine = engine;

    /// <summary>From now on connections are offered to the kernel; those that are spliced already stay where they are. Once; safe from any thread.</summary>
    public void Use(KernelEngine engine)
    {
        if (Interlocked.CompareExchange(ref _engine, engine, null) is not null)
            throw new InvalidOperationException("There is an engine already");
    }

    private protected override RunningPair CreateSplice(SplicePair pair, StreamSocket client, StreamSocket upstream)
    {
        if (_engine is not { } engine || !pair.MayOffload || OffloadOf(client.Reactor, engine) is not { } offload)
            return base.CreateSplice(pair, client, upstream);

        return new KernelSplice(pair, client, upstream, UseSplice, offload);
    }

    /// <summary>Gives the maps back. Only when the reactors have stopped.</summary>
    public void Dispose()
    {
        foreach (ReactorOffload? offload in _offloads)
            offload?.Dispose();
    }

    /// <summary>The maps of a reactor, which it makes when it first asks, on its thread; null where they could not be made.</summary>
    internal ReactorOffload? OffloadOf(Reactor reactor, KernelEngine engine)
    {
        if (_isAsked[reactor.Index])
        {
            if (_offloads[reactor.Index] is null)
                engine.Counters.Refuse(OffloadRefused.Unavailable);
            return _offloads[reactor.Index];
        }

        _isAsked[reactor.Index] = true;
        Errno errno = engine.TryCreateOffload(reactor, out ReactorOffload? offload, out string log);
        if (errno != Errno.None)
            failed?.Invoke(errno, log);
        return _offloads[reactor.Index] = offload;
    }
}
