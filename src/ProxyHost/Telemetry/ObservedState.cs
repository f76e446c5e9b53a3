using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Live;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>Reads the model's live counters for whoever collects metrics. Nothing here runs otherwise.</summary>
internal sealed class ObservedState(ProxyModel model)
{
    public IEnumerable<Measurement<long>> ActiveConnections() =>
        model.Listeners.SelectMany(listener => listener.Clusters).Select(cluster => new Measurement<long>(cluster.Current, Tags(cluster)));

    public IEnumerable<Measurement<long>> ListenerLimits() =>
        model.Listeners.Select(listener => new Measurement<long>(listener.Config.MaxConnections, Tags(listener)));

    public IEnumerable<Measurement<long>> ClusterLimits() =>
        model.Clusters.Select(cluster => new Measurement<long>(cluster.Config.MaxConnections, Cluster(cluster)));

    public IEnumerable<Measurement<long>> Endpoints() =>
        model.Clusters.Select(cluster => new Measurement<long>(cluster.Endpoints.Length, Cluster(cluster)));

    public IEnumerable<Measurement<long>> OpenConnections() =>
        from cluster in model.Clusters
        from endpoint in cluster.Endpoints
        select new Measurement<long>(endpoint.Open, Cluster(cluster), new Tag("endpoint", endpoint.Config.Text));

    public IEnumerable<Measurement<long>> Unregistered() =>
        model.Listeners.Select(listener => new Measurement<long>(listener.Unregistered, Tags(listener)));

    public IEnumerable<Measurement<long>> Untracked() =>
        model.Listeners.Select(listener => new Measurement<long>(listener.Gate?.Untracked ?? 0, Tags(listener)));

    public IEnumerable<Measurement<long>> Io() =>
        from listener in model.Listeners
        from cluster in listener.Clusters
        from direction in WireNames.Directions
        from path in WireNames.DataPaths
        select new Measurement<long>(
            cluster.Meters.Sum(meter => meter.Read(direction, path)),
            [.. Tags(cluster), new Tag("direction", direction.Name()), new Tag("data_path", path.Name())]);

    public IEnumerable<Measurement<long>> Verdicts() =>
        from listener in model.Listeners
        from program in listener.Programs.Select((state, index) => (State: state, Index: index))
        from rule in Enumerable.Range(0, program.State.Rules.Rules.Length + 1)
        select new Measurement<long>(
            listener.Tallies.Sum(tally => tally.Read(program.Index, rule)) + InKernel(listener, program.State, rule),
            new Tag("listener", listener.Config.Name),
            new Tag("program", program.State.Rules.Name),
            new Tag("rule", program.State.NameOf(rule)),
            new Tag("verdict", program.State.ActionOf(rule).Verdict.ToString().ToLowerInvariant()),
            new Tag("shadow", program.State.IsShadow(rule)));

    // Also what was counted for the maps of earlier configurations.
    private long InKernel(ListenerState listener, ProgramState program, int rule)
    {
        RuleKey key = RuleKey.Of(program, rule);
        return model.Offload.CountOf(listener, program, rule) + listener.Live.CountedInKernel(key)
            + listener.Live.Replaced.Where(before => before.Maps != listener.Maps).DistinctBy(before => before.Maps).Sum(before => CountOf(before, key));
    }

    private long CountOf(ListenerState listener, RuleKey key) => (
        from program in listener.Programs
        from rule in Enumerable.Range(0, program.Rules.Rules.Length + 1)
        where RuleKey.Of(program, rule) == key
        select model.Offload.CountOf(listener, program, rule)).Sum();

    private static Tag[] Tags(ListenerState listener) => Tags(listener.Clusters[0]);

    private static Tag[] Tags(ListenerCluster cluster) =>
        [new("listener", cluster.Listener.Config.Name), Cluster(cluster.Cluster)];

    private static Tag Cluster(ClusterState cluster) => new("cluster", cluster.Config.Name);
}
