using Sluice.ProxyHost.Configuration;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Model;

/// <summary>
/// What a snapshot takes over from the one before. A part stays the very object it was when neither it nor anything it leads to
/// has changed: whoever holds on to it then sees nothing of a reload.
/// </summary>
internal sealed class Unchanged(ModelSnapshot snapshot, ModelSnapshot? previous)
{
    public ClusterState ClusterFor(ClusterConfig config)
    {
        ClusterState? before = previous?.Clusters.FirstOrDefault(cluster => cluster.Config.Name == config.Name);
        return before is not null && IsSame("cluster", config.Name) ? before : new ClusterState(config, before: before);
    }

    /// <summary>Its clusters must be where its redirects look for them.</summary>
    public ProgramState ProgramFor(RuleSet rules)
    {
        ProgramState? before = previous?.Programs.FirstOrDefault(program => program.Rules.Name == rules.Name);
        return before is not null && IsSame("program", rules.Name) && before.Clusters.All(IsInPlace)
            ? before
            : new ProgramState(rules, snapshot.IndexOf);
    }

    public ListenerState ListenerFor(ListenerConfig config)
    {
        ListenerState? before = previous?.Listeners.FirstOrDefault(listener => listener.Config.Name == config.Name);
        return before is not null && IsSame("listener", config.Name) && LeadsToTheSame(before)
            ? before
            : new ListenerState(config, snapshot, before);
    }

    private bool IsSame(string kind, string name) => snapshot.Parts.IsSame(previous!.Parts, kind, name);

    private bool IsInPlace(string cluster)
    {
        int index = (int)snapshot.IndexOf(cluster);
        return index < previous!.Clusters.Count && previous.Clusters[index] == snapshot.Clusters[index];
    }

    private bool LeadsToTheSame(ListenerState before) =>
        before.Clusters.All(cluster => snapshot.Clusters.Contains(cluster.Cluster))
        && before.Programs.All(snapshot.Programs.Contains)
        && before.Clusters.All(cluster => OffloadChoice.Ask(cluster.Cluster.Config, before.Config, snapshot.Config.Runtime) == cluster.OffloadChoice.Asked);
}
