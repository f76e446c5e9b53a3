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
        Programs = [.. config.Programs.Select(program => new ProgramState(program, IndexOf))];
        Listeners = [.. config.Listeners.Select(listener => new ListenerState(listener, this))];
    }

    /// <summary>What this was built from.</summary>
    public SluiceConfig Config { get; }

    /// <summary>What is known of the kernel's own path.</summary>
    public OffloadState Offload { get; } = new();

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

    private uint IndexOf(string cluster)
    {
        for (int i = 0; i < Clusters.Count; i++)
        {
            if (Clusters[i].Config.Name == cluster)
                return (uint)i;
        }

        throw new ArgumentException($"There is no cluster {cluster}", nameof(cluster));
    }
}
