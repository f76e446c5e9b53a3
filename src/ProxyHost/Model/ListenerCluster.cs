using Sluice.ProxyHost.Model.Live;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Model;

/// <summary>What one listener's connections to one cluster have in common: the pair that metrics tell apart. Safe from any thread.</summary>
internal sealed class ListenerCluster
{
    private readonly ClusterTraffic _traffic;
    private volatile OffloadStanding _offload;

    /// <param name="listener">Its configuration and its programs are known.</param>
    /// <param name="cluster">One of its own.</param>
    /// <param name="index">The place among them.</param>
    /// <param name="model">The snapshot that both are of.</param>
    public ListenerCluster(ListenerState listener, ClusterState cluster, int index, ModelSnapshot model)
    {
        (Listener, Cluster, Index) = (listener, cluster, index);
        _traffic = listener.Live.TrafficTo(cluster.Config.Name);
        OffloadChoice = OffloadChoice.Of(cluster.Config, listener.Config, model.Config.Runtime, listener.Programs);
        _offload = model.Offload.StandingOf(OffloadChoice);
    }

    /// <summary>Who accepts them.</summary>
    public ListenerState Listener { get; }

    /// <summary>Where they go.</summary>
    public ClusterState Cluster { get; }

    /// <summary>Its place among the listener's.</summary>
    public int Index { get; }

    /// <summary>What the configuration says of the kernel's own path for them.</summary>
    public OffloadChoice OffloadChoice { get; }

    /// <summary>What became of that; connections that begin from now on go by it.</summary>
    public OffloadStanding Offload { get => _offload; set => _offload = value; }

    /// <summary>Connections at this moment. One that is still being inspected counts as the listener's own cluster's.</summary>
    public int Current => _traffic.Current;

    /// <summary>One for each accept queue.</summary>
    public IReadOnlyList<ByteMeter> Meters => _traffic.Meters;

    /// <summary>A connection comes or goes.</summary>
    public void Change(int by) => _traffic.Change(by);

    /// <summary>The meter of an accept queue, by its number. Before the queue is accepted from.</summary>
    public ByteMeter Meter(int queue) => _traffic.Meter(queue);
}
