using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>What is measured of the health of endpoints and of those who wait for one, looked at when somebody collects.</summary>
internal sealed class ObservedHealth(ProxyModel model)
{
    /// <summary>The instruments of a meter.</summary>
    public void AddTo(Meter meter)
    {
        meter.CreateObservableUpDownCounter("sluice.endpoint.healthy", () => OfClusters(Healthy), "{endpoint}", "Endpoints that are healthy.");
        meter.CreateObservableUpDownCounter("sluice.endpoint.eligible", () => OfClusters(c => c.Membership.Endpoints.Length), "{endpoint}", "Endpoints that new connections go to.");
        meter.CreateObservableCounter("sluice.endpoint.ejections", Ejections, "{ejection}", "Times that an endpoint was taken out for connections that failed.");
        meter.CreateObservableUpDownCounter("sluice.cluster.panic", () => OfClusters(c => c.Membership.IsPanic ? 1 : 0), "{cluster}", "1 while unhealthy endpoints are used because too few are healthy.");
        meter.CreateObservableUpDownCounter("sluice.cluster.queue_length", () => OfClusters(c => c.Queue?.Length ?? 0), "{connection}", "Connections that wait for an endpoint that is not full.");
        meter.CreateObservableCounter("sluice.cluster.queue_rejections", Rejections, "{connection}", "Connections that no endpoint had a place for.");
    }

    private static long Healthy(ClusterState cluster) => cluster.Endpoints.Count(endpoint => endpoint.Health.IsHealthy);

    private IEnumerable<Measurement<long>> OfClusters(Func<ClusterState, long> read) =>
        model.Clusters.Select(cluster => new Measurement<long>(read(cluster), Cluster(cluster)));

    private IEnumerable<Measurement<long>> Ejections() =>
        from cluster in model.Clusters
        from endpoint in cluster.Endpoints
        select new Measurement<long>(endpoint.Outliers?.Ejections ?? 0, Cluster(cluster), new Tag("endpoint", endpoint.Config.Text));

    private IEnumerable<Measurement<long>> Rejections() => model.Clusters.SelectMany<ClusterState, Measurement<long>>(cluster =>
    [
        new(cluster.Queue?.Timeouts ?? 0, Cluster(cluster), new Tag("error.type", EndReason.QueueTimeout.Name())),
        new(cluster.Queue?.Overflows ?? 0, Cluster(cluster), new Tag("error.type", (cluster.Config.Queue is null ? EndReason.EndpointLimit : EndReason.QueueOverflow).Name())),
    ]);

    private static Tag Cluster(ClusterState cluster) => new("cluster", cluster.Config.Name);
}
