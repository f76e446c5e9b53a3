using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// One reactor's offloaded pairs while they live: hands the program's events to them, and once a second looks at each, so that
/// byte counts and idle times go on while no byte comes through user space, and an event that was lost is made up for.
/// </summary>
internal sealed class ReactorOffload : ReactorTimer, IDisposable
{
    private const int SweepMilliseconds = 1000;

    private readonly Reactor _reactor;
    private readonly Dictionary<SplicePlans, SpliceSockets?> _sockets = [];

    private ReactorOffload(KernelEngine engine, Reactor reactor, SpliceRing ring, SpliceTable table) =>
        (Engine, _reactor, Ring, Table) = (engine, reactor, ring, table);

    internal KernelEngine Engine { get; }

    internal SpliceTable Table { get; }

    internal SpliceRing Ring { get; }

    internal int Window => Engine.Options.Window;

    /// <summary>Makes the maps, on the reactor's thread.</summary>
    internal static Errno TryCreate(KernelEngine engine, Reactor reactor, out ReactorOffload? offload)
    {
        offload = null;
        Errno errno = SpliceTable.TryCreate(engine.Options.PairsPerReactor, out SpliceTable? table);
        if (errno != Errno.None)
            return errno;

        errno = SpliceRing.TryCreate(reactor, (int)table!.Entries, out SpliceRing? ring);
        if (errno == Errno.None)
        {
            offload = new ReactorOffload(engine, reactor, ring!, table);
            errno = ring!.Listen(offload.OnEvent);
        }

        if (errno != Errno.None)
        {
            ring?.Dispose();
            table.Dispose();
            offload = null;
        }

        return errno;
    }

    /// <summary>
    /// The sockmaps for connections that are judged so, made at their first connection. An errno, the first time with the verifier's
    /// log where it refused the program, and again for every later connection.
    /// </summary>
    internal Errno SocketsFor(SplicePlans plans, out SpliceSockets? sockets, out string log)
    {
        log = "";
        if (_sockets.TryGetValue(plans, out sockets))
            return sockets is null ? Errno.EINVAL : Errno.None;

        Errno errno = SpliceSockets.TryCreate(Engine, Table, Ring.Map, plans, out sockets, out log);
        _sockets.Add(plans, sockets);
        return errno;
    }

    /// <summary>Gives back the sockmaps for these plans, in which no socket lies any more.</summary>
    internal void Forget(SplicePlans plans)
    {
        if (_sockets.Remove(plans, out SpliceSockets? sockets))
            sockets?.Dispose();
    }

    /// <summary>Room for a pair: the index of its first record, or -1.</summary>
    internal int Rent(PairOffload? pair)
    {
        int index = Table.Rent(pair);
        if (index >= 0 && !IsSet)
            _reactor.Timers.Set(this, _reactor.Now + SweepMilliseconds);
        return index;
    }

    internal void Return(int index) => Table.Return(index);

    /// <summary>Neither a socket nor a cookie lies in the kernel's maps. Asks for each entry.</summary>
    internal bool IsEmpty() => Table.IsEmpty() && _sockets.Values.All(sockets => sockets is null || sockets.IsEmpty());

    internal override void OnTimer()
    {
        if (Table.Count == 0)
            return;

        bool isShort = Engine.Budget.IsShort(Window);
        foreach (PairOffload? pair in Table.Pairs)
            pair?.Sweep(isShort);
        _reactor.Timers.Set(this, _reactor.Now + SweepMilliseconds);
    }

    public void Dispose()
    {
        _reactor.Timers.Cancel(this);
        foreach (SpliceSockets? sockets in _sockets.Values)
            sockets?.Dispose();
        Ring.Dispose();
        Table.Dispose();
    }

    private void OnEvent(int index, SpliceEvent what) => Table.PairOf(index)?.OnEvent(index, what);
}
