using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Model.Live;

/// <summary>
/// What is counted of one listener's connections to one cluster for as long as the listener is there, whatever becomes of
/// their configurations. Safe from any thread; meters are added by one thread at a time.
/// </summary>
internal sealed class ClusterTraffic
{
    private ByteMeter[] _meters = [];
    private int _current;

    /// <summary>Connections at this moment.</summary>
    public int Current => Volatile.Read(ref _current);

    /// <summary>One for each accept queue. Only grows.</summary>
    public IReadOnlyList<ByteMeter> Meters => Volatile.Read(ref _meters);

    /// <summary>A connection comes or goes.</summary>
    public void Change(int by) => Interlocked.Add(ref _current, by);

    /// <summary>The meter of an accept queue, by its number.</summary>
    public ByteMeter Meter(int queue)
    {
        while (_meters.Length <= queue)
            Volatile.Write(ref _meters, [.. _meters, new ByteMeter()]);
        return _meters[queue];
    }
}
