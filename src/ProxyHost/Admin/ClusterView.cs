using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Admin;

/// <summary>One cluster as /clusters shows it. Counters may be a moment apart.</summary>
internal sealed record ClusterView(
    string Name, string Balance, bool Panic, int HealthyEndpoints, int Connections, int MaxConnections, QueueView? Queue, IEnumerable<EndpointView> Endpoints,
    IEnumerable<DiscoveryView>? Discovery)
{
    /// <summary>Looks at a cluster from outside, while it goes on.</summary>
    public static ClusterView Of(ClusterState cluster)
    {
        EndpointState[] endpoints = cluster.Endpoints;
        return new(
            cluster.Config.Name,
            cluster.Config.Balance.Name(),
            cluster.Membership.IsPanic,
            endpoints.Count(endpoint => endpoint.Health.IsHealthy),
            cluster.Connections.Current,
            cluster.Config.MaxConnections,
            QueueView.Of(cluster),
            endpoints.Select(endpoint => EndpointView.Of(cluster, endpoint)),
            cluster.Discovery?.Names.Select(DiscoveryView.Of));
    }
}

/// <summary>Those who wait for an endpoint that is not full.</summary>
internal sealed record QueueView(int Length, int Size, long Timeouts, long Overflows)
{
    /// <summary>Looks at a cluster's queue from outside; null where it has none.</summary>
    public static QueueView? Of(ClusterState cluster) =>
        cluster.Queue is { } queue ? new(queue.Length, cluster.Config.Queue?.Size ?? 0, queue.Timeouts, queue.Overflows) : null;
}

/// <summary>One endpoint as /clusters shows it.</summary>
internal sealed record EndpointView(
    string Endpoint,
    bool Healthy,
    bool Eligible,
    string? Cause,
    string? Errno,
    DateTimeOffset? Since,
    bool FailsChecks,
    bool Ejected,
    long Ejections,
    int Priority,
    int Weight,
    double WeightInEffect,
    int InUse,
    int Open,
    int? MaxConnections)
{
    /// <summary>Looks at an endpoint from outside, while it goes on.</summary>
    public static EndpointView Of(ClusterState cluster, EndpointState endpoint)
    {
        HealthChange? last = endpoint.Health.Last;
        EndpointConfig config = endpoint.Config;
        return new(
            config.Text,
            endpoint.Health.IsHealthy,
            endpoint.IsEligible,
            last?.Cause,
            last is { Errno: not Redirect.Errno.None and var errno } ? errno.ToString() : null,
            last?.At,
            endpoint.Health.FailsChecks,
            endpoint.Health.IsEjected,
            endpoint.Outliers?.Ejections ?? 0,
            config.Priority,
            config.Weight,
            Math.Round(config.Weight * cluster.RampOf(endpoint), 2),
            endpoint.InUse,
            endpoint.Open,
            config.MaxConnections == 0 ? null : config.MaxConnections);
    }
}

/// <summary>The answer of /clusters.</summary>
internal sealed record ClusterList(IEnumerable<ClusterView> Clusters);
