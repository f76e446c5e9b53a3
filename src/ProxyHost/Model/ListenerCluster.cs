using Sluice.ProxyHost.Model.Live;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Model;

/// <summary>What one listener's connections to one cluster have in common: the pair that metrics tell apart. Safe from any thread.</summary>
internal sealed class ListenerCluster(ListenerState listener, ClusterState cluster, int index)
{
    private readonly ClusterTraffic _traffic = listener.Live.TrafficTo(cluster.Config.Name);

    /// <summary>Who accepts them.</summary>
    public ListenerState Listener { get; } = listener;

    /// <summary>Where they go.</summary>
    public ClusterState Cluster { get; } = cluster;

    /// <summary>Its place among the listener's.</summary>
    public int Index { get; } = index;

    /// <summary>Connections at this moment. One that is still being inspected counts as the listener's own cluster's.</summary>
    public int Current => _traffic.Current;

    /// <summary>One for each accept queue.</summary>
    public IReadOnlyList<ByteMeter> Meters => _traffic.Meters;

    /// <summary>A connection comes or goes.</summary>
    public void Change(int by) => _traffic.Change(by);

    /// <summary>The meter of an accept queue, by its number. Before the queue is accepted from.</summary>
    public ByteMeter Meter(int queue) => _traffic.Meter(queue);
}
