using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// One reactor's offloaded pairs while they live: hands the program's events to them, and once a second looks at each, so that
/// byte counts and idle times go on while no byte comes through user space, and an event that was lost is made up for.
/// </summary>
internal sealed class ReactorOffload(KernelEngine engine, Reactor reactor, SpliceRing ring, SpliceTable table) : ReactorTimer, IDisposable
{
    private const int SweepMilliseconds = 1000;

    internal KernelEngine Engine { get; } = engine;

    internal SpliceTable Table { get; } = table;

    internal Reactor Reactor { get; } = reactor;

    internal int Window => Engine.Options.Window;

    /// <summary>Room for a pair: the index of its first record, or -1.</summary>
    internal int Rent(KernelSplice pair)
    {
        int index = Table.Rent(pair);
        if (index >= 0 && !IsSet)
            Reactor.Timers.Set(this, Reactor.Now + SweepMilliseconds);
        return index;
    }

    internal void Return(int index) => Table.Return(index);

    internal void OnEvent(int index, SpliceEvent what)
    {
        if (Table.PairOf(index) is { } pair)
            pair.OnEvent(index, what);
    }

    internal override void OnTimer()
    {
        if (Table.Count == 0)
            return;

        bool isShort = Engine.Budget.IsShort(Window);
        foreach (KernelSplice? pair in Table.Pairs)
            pair?.Sweep(isShort);
        Reactor.Timers.Set(this, Reactor.Now + SweepMilliseconds);
    }

    public void Dispose()
    {
        Reactor.Timers.Cancel(this);
        ring.Dispose();
        Table.Dispose();
    }
}
