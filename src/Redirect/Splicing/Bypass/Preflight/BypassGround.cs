using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.Redirect.Splicing.Bypass.Preflight;

/// <summary>What the bypass's trials share: a reactor of their own, the real splicer on it, and its maps with the programs.</summary>
internal sealed class BypassGround : IDisposable
{
    private const int ReadsBefore = 3;
    private const int Pairs = 16;

    private readonly TrialReactor _reactor;
    private readonly BypassOfferer _offerer;
    private readonly KernelSplicer _splicer;

    private BypassGround(TrialReactor reactor, BypassEngine engine, BypassOfferer offerer, ReactorBypass bypass)
    {
        (_reactor, Engine, _offerer, Bypass) = (reactor, engine, offerer, bypass);
        _splicer = new KernelSplicer(engine: null, reactors: 1, useSplice: false, failed: null, before: offerer);
    }

    internal BypassEngine Engine { get; }

    internal ReactorBypass Bypass { get; }

    /// <summary>Makes maps and programs. An errno, with the verifier's log where it refused a program.</summary>
    internal static Errno TryOpen(BypassEngine engine, out BypassGround? ground, out string log)
    {
        BypassEngine own = engine.With(engine.Options with { ReadsBefore = ReadsBefore, PairsPerReactor = Pairs });
        (Errno Errno, string Log) failure = (Errno.None, "");
        var reactor = new TrialReactor();
        var offerer = new BypassOfferer(own, reactors: 1, (errno, text) => failure = (errno, text));
        ReactorBypass? bypass = reactor.Run(() => offerer.BypassOf(reactor.Reactor, own));
        ground = bypass is null ? null : new BypassGround(reactor, own, offerer, bypass);
        log = failure.Log;
        if (ground is null)
        {
            reactor.Dispose();
            offerer.Dispose();
        }

        return failure.Errno;
    }

    /// <summary>A connection whose sides talk until both send past the proxy.</summary>
    internal TrialPair Open(Loopback loopback, int receiveBuffer = 0)
    {
        TrialPair pair = TrialPair.Connect(_reactor, loopback, _splicer, receiveBuffer);
        try
        {
            _ = pair.Client.WithoutBlocking();
            _ = pair.Server.WithoutBlocking();
            return pair.Splice().Enter(DataPath.Bypass, Engine.Counters);
        }
        catch
        {
            pair.Dispose();
            throw;
        }
    }

    /// <summary>Connections and entries that are left.</summary>
    internal (int Pairs, bool IsEmpty) Left() => _reactor.Run(() => (Bypass.Table.Count, Bypass.Maps.IsEmpty()));

    public void Dispose()
    {
        _reactor.Dispose();
        _splicer.Dispose();
        _offerer.Dispose();
    }
}
