using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Model;

/// <summary>
/// The model in force: one immutable snapshot at a time, replaced as a whole. Whoever looks at several parts that must fit
/// together takes <see cref="Current"/> once. Safe from any thread.
/// </summary>
internal sealed class ProxyModel
{
    private volatile ModelSnapshot _current;

    /// <summary>Builds the model of a valid configuration; touches no network.</summary>
    public ProxyModel(SluiceConfig config) => _current = new ModelSnapshot(config, Offload);

    /// <summary>The snapshot that goes for new connections.</summary>
    public ModelSnapshot Current => _current;

    /// <summary>Hears that another snapshot goes, on the thread that put it in force.</summary>
    public event Action? Changed;

    /// <summary>What the current snapshot was built from.</summary>
    public SluiceConfig Config => _current.Config;

    /// <summary>What is known of the kernel's own path.</summary>
    public OffloadState Offload { get; } = new();

    /// <summary>Of the current snapshot.</summary>
    public IReadOnlyList<ListenerState> Listeners => _current.Listeners;

    /// <summary>Of the current snapshot.</summary>
    public IReadOnlyList<ClusterState> Clusters => _current.Clusters;

    /// <summary>Of the current snapshot.</summary>
    public IReadOnlyList<ProgramState> Programs => _current.Programs;

    /// <summary>The cluster of a name that validation has found to exist.</summary>
    public ClusterState Cluster(string name) => _current.Cluster(name);

    /// <summary>The program of such a name; null for none.</summary>
    public ProgramState? Program(string? name) => _current.Program(name);

    /// <summary>Puts another snapshot in force. Only one thread at a time.</summary>
    public void Use(ModelSnapshot snapshot)
    {
        snapshot.Activate(_current);
        _current = snapshot;
        Changed?.Invoke();
    }
}
