using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
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
        from rule in RuleVerdicts.Of(model)
        select new Measurement<long>(
            rule.Count,
            new Tag("listener", rule.Listener),
            new Tag("program", rule.Program),
            new Tag("rule", rule.Rule),
            new Tag("verdict", rule.Verdict),
            new Tag("shadow", rule.IsShadow));

    private static Tag[] Tags(ListenerState listener) => Tags(listener.Clusters[0]);

    private static Tag[] Tags(ListenerCluster cluster) =>
        [new("listener", cluster.Listener.Config.Name), Cluster(cluster.Cluster)];

    private static Tag Cluster(ClusterState cluster) => new("cluster", cluster.Config.Name);
}
