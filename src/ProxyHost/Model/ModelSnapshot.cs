using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Configuration.Changes;

namespace Sluice.ProxyHost.Model;

/// <summary>
/// A configuration brought to life: its names resolved to objects. Immutable. What did not change since the snapshot before is
/// the same object in both; the live state of what changed is carried over by name.
/// </summary>
internal sealed class ModelSnapshot
{
    /// <summary>Builds the model of a valid configuration; touches no network and nothing of the snapshot before.</summary>
    public ModelSnapshot(SluiceConfig config, OffloadState offload, ModelSnapshot? previous = null)
    {
        (Config, Offload, Parts) = (config, offload, new ConfigParts(config));
        var unchanged = new Unchanged(this, previous);
        Clusters = [.. config.Clusters.Select(unchanged.ClusterFor)];
        Programs = [.. config.Programs.Select(unchanged.ProgramFor)];
        Listeners = [.. config.Listeners.Select(unchanged.ListenerFor)];
    }

    /// <summary>What this was built from.</summary>
    public SluiceConfig Config { get; }

    /// <summary>The same by its parts, for comparing.</summary>
    public ConfigParts Parts { get; }

    /// <summary>What is known of the kernel's own path.</summary>
    public OffloadState Offload { get; }

    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyList<ListenerState> Listeners { get; }

    /// <summary>In the order of the configuration. A program's redirect knows a cluster by its index here.</summary>
    public IReadOnlyList<ClusterState> Clusters { get; }

    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyList<ProgramState> Programs { get; }

    /// <summary>The cluster of a name that validation has found to exist.</summary>
    public ClusterState Cluster(string name) => Clusters[(int)IndexOf(name)];

    /// <summary>The program of such a name; null for none.</summary>
    public ProgramState? Program(string? name) => name is null ? null : Programs.First(program => program.Rules.Name == name);

    /// <summary>What a program knows a cluster by.</summary>
    public uint IndexOf(string cluster)
    {
        for (int i = 0; i < Clusters.Count; i++)
        {
            if (Clusters[i].Config.Name == cluster)
                return (uint)i;
        }

        throw new ArgumentException($"There is no cluster {cluster}", nameof(cluster));
    }

    /// <summary>From now on it is what goes: limits that live state was carried over with are those of this configuration.</summary>
    /// <param name="previous">What goes until now.</param>
    public void Activate(ModelSnapshot previous)
    {
        foreach (ClusterState begins in Clusters.Except(previous.Clusters))
            begins.Begin();
        foreach (ClusterState retires in previous.Clusters.Except(Clusters))
            retires.Retire();
        foreach (ClusterState cluster in Clusters)
            cluster.Connections.Limit = cluster.Config.MaxConnections;
        foreach (ListenerState listener in Listeners)
            listener.Connections.Limit = listener.Config.MaxConnections;
    }
}
