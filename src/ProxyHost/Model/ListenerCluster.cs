using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Model;

/// <summary>What one listener's connections to one cluster have in common: the pair that metrics tell apart. Safe from any thread.</summary>
internal sealed class ListenerCluster(ListenerState listener, ClusterState cluster, int index)
{
    private ByteMeter[] _meters = [];
    private int _current;

    /// <summary>Who accepts them.</summary>
    public ListenerState Listener { get; } = listener;

    /// <summary>Where they go.</summary>
    public ClusterState Cluster { get; } = cluster;

    /// <summary>Its place among the listener's.</summary>
    public int Index { get; } = index;

    /// <summary>Connections at this moment. One that is still being inspected counts as the listener's own cluster's.</summary>
    public int Current => Listener.Clusters.Length == 1 ? Listener.Connections.Current : Volatile.Read(ref _current);

    /// <summary>One for each accept loop. Only grows, and only before the loops start.</summary>
    public IReadOnlyList<ByteMeter> Meters => Volatile.Read(ref _meters);

    /// <summary>A connection comes or goes. Where the listener has one cluster, its own count says the same.</summary>
    public void Change(int by)
    {
        if (Listener.Clusters.Length > 1)
            Interlocked.Add(ref _current, by);
    }

    /// <summary>A meter for one more accept loop.</summary>
    public ByteMeter AddMeter()
    {
        var meter = new ByteMeter();
        Volatile.Write(ref _meters, [.. _meters, meter]);
        return meter;
    }
}
