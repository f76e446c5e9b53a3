using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Live;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Admin.Live;

/// <summary>A cluster as /live shows it.</summary>
/// <param name="Name">As configured.</param>
/// <param name="Balance">How it chooses among its endpoints.</param>
/// <param name="Panic">Too few are healthy, so that those that are not are used too.</param>
/// <param name="HealthyEndpoints">Of all endpoints.</param>
/// <param name="Connections">Places taken.</param>
/// <param name="MaxConnections">More are refused.</param>
/// <param name="Queue">Who waits for an endpoint that is not full; null where none ever is.</param>
/// <param name="Connects">Attempts to connect, those that failed included.</param>
/// <param name="Waits">How long connections waited in the queue, in vain or not.</param>
/// <param name="Endpoints">In the order of the configuration; where not all are shown, the unhealthy and the busiest.</param>
internal sealed record LiveCluster(
    string Name,
    string Balance,
    bool Panic,
    int HealthyEndpoints,
    int Connections,
    int MaxConnections,
    QueueView? Queue,
    LiveLatency Connects,
    LiveLatency Waits,
    LiveList<LiveEndpoint> Endpoints)
{
    /// <summary>Looks at a cluster from outside, while it goes on.</summary>
    public static LiveCluster Of(ClusterState cluster, int mostEndpoints)
    {
        EndpointState[] all = cluster.Endpoints;
        IEnumerable<EndpointState> shown = all.Length <= mostEndpoints
            ? all
            : all.OrderBy(endpoint => endpoint.Health.IsHealthy).ThenByDescending(endpoint => endpoint.Open).Take(mostEndpoints);
        return new(
            cluster.Config.Name,
            cluster.Config.Balance.Name(),
            cluster.Membership.IsPanic,
            all.Count(endpoint => endpoint.Health.IsHealthy),
            cluster.Connections.Current,
            cluster.Config.MaxConnections,
            QueueView.Of(cluster),
            LiveLatency.Of(cluster.Live.Connects),
            LiveLatency.Of(cluster.Live.Waits),
            new(all.Length, [.. shown.Select(LiveEndpoint.Of)]));
    }
}

/// <summary>Counters of how long something took.</summary>
/// <param name="SumSeconds">All together.</param>
/// <param name="Buckets">How many were in each bucket, not cumulated; the last has no bound.</param>
internal sealed record LiveLatency(double SumSeconds, long[] Buckets)
{
    public static LiveLatency Of(LatencyCounts counts) => new(counts.Sum.TotalSeconds, counts.Read());
}

/// <summary>An endpoint as /live shows it.</summary>
/// <param name="Endpoint">As configured or discovered.</param>
/// <param name="Healthy">Its probes do not fail, nor is it out for failing connections.</param>
/// <param name="Eligible">New connections go to it.</param>
/// <param name="Draining">An operator wants no new connections to it.</param>
/// <param name="Cause">Why it became what it is; null where it has been healthy from the beginning.</param>
/// <param name="Errno">The errno of that.</param>
/// <param name="Open">Connections at this moment.</param>
/// <param name="MaxConnections">More wait or are refused; null: no limit of its own.</param>
/// <param name="Connected">A counter of attempts that made a connection.</param>
/// <param name="Failed">A counter of attempts that failed.</param>
internal sealed record LiveEndpoint(
    string Endpoint, bool Healthy, bool Eligible, bool Draining, string? Cause, string? Errno, int Open, int? MaxConnections, long Connected, long Failed)
{
    /// <summary>Looks at an endpoint from outside, while it goes on.</summary>
    public static LiveEndpoint Of(EndpointState endpoint)
    {
        HealthChange? last = endpoint.Health.Last;
        return new(
            endpoint.Config.Text,
            endpoint.Health.IsHealthy,
            endpoint.IsEligible,
            endpoint.Live.IsDraining,
            last?.Cause,
            last is { Errno: not Redirect.Errno.None and var errno } ? errno.ToString() : null,
            endpoint.Open,
            endpoint.Config.MaxConnections == 0 ? null : endpoint.Config.MaxConnections,
            endpoint.Live.Connected,
            endpoint.Live.Failed);
    }
}
