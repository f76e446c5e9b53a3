using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Model;

/// <summary>A configuration brought to life: its names resolved to objects, each with its live state. The set itself never changes.</summary>
internal sealed class ProxyModel
{
    /// <summary>Builds the model of a valid configuration; touches no network.</summary>
    public ProxyModel(SluiceConfig config)
    {
        Config = config;
        Clusters = [.. config.Clusters.Select(cluster => new ClusterState(cluster))];
        Listeners = [.. config.Listeners.Select(listener => new ListenerState(listener, Cluster(listener.Cluster)))];
    }

    /// <summary>What this was built from.</summary>
    public SluiceConfig Config { get; }

    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyList<ListenerState> Listeners { get; }

    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyList<ClusterState> Clusters { get; }

    private ClusterState Cluster(string name) => Clusters.First(cluster => cluster.Config.Name == name);
}
