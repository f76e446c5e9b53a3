namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>What the trials share: a reactor of their own, the real splicer on it, and its maps with the program.</summary>
internal sealed class TrialGround : IDisposable
{
    private readonly TrialReactor _reactor;

    private TrialGround(TrialReactor reactor, KernelEngine engine, KernelSplicer splicer, ReactorOffload offload) =>
        (_reactor, Engine, Splicer, Offload) = (reactor, engine, splicer, offload);

    internal KernelEngine Engine { get; }

    internal KernelSplicer Splicer { get; }

    internal ReactorOffload Offload { get; }

    internal TrialReactor Reactor => _reactor;

    /// <summary>Makes maps, program and attachment. An errno, with the verifier's log where it refused the program.</summary>
    internal static Errno TryOpen(KernelEngine engine, out TrialGround? ground, out string log)
    {
        const int ReadsBefore = 1;
        const int Windows = 64;
        OffloadOptions options = engine.Options with { ReadsBefore = ReadsBefore, Memory = (long)Windows * engine.Options.Window };
        KernelEngine own = engine.With(options);
        (Errno Errno, string Log) failure = (Errno.None, "");
        var splicer = new KernelSplicer(own, reactors: 1, useSplice: false, (errno, text) => failure = (errno, text));
        var reactor = new TrialReactor();
        ReactorOffload? offload = reactor.Run(() => splicer.OffloadOf(reactor.Reactor, own));
        if (offload is not null)
            failure = reactor.Run(() => (offload.SocketsFor(default, out _, out string refusal), refusal));
        ground = failure.Errno == Errno.None ? new TrialGround(reactor, own, splicer, offload!) : null;
        log = failure.Log;
        if (ground is null)
        {
            reactor.Dispose();
            splicer.Dispose();
        }

        return failure.Errno;
    }

    /// <summary>A connection whose sides talk until the kernel carries both directions.</summary>
    internal TrialPair OpenInKernel(Loopback loopback, int receiveBuffer)
    {
        TrialPair pair = TrialPair.Connect(_reactor, loopback, Splicer, receiveBuffer);
        try
        {
            return pair.Splice().Enter(DataPath.Sockmap, Engine.Counters);
        }
        catch
        {
            pair.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _reactor.Dispose();
        Splicer.Dispose();
    }
}
