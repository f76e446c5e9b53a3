using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>A cluster in words: its endpoints, how one is picked, and when one is left out.</summary>
internal static class ClusterWords
{
    public static void Print(Page page, ClusterConfig cluster)
    {
        page.Line($"cluster {cluster.Name}: {Endpoints(cluster)}");
        foreach (string line in Health(cluster)) page.In.Line(line);
    }

    private static string Endpoints(ClusterConfig cluster)
    {
        string all = string.Join(", ", cluster.Endpoints.Select(Endpoint));
        return cluster.Endpoints.Length == 1 ? all : cluster.Balance switch
        {
            BalanceKind.LeastConnections => $"{all}; the one with the fewest connections first",
            BalanceKind.RandomTwoChoices => $"{all}; the less busy of two picked at random first",
            BalanceKind.Maglev => $"{all}; the same one first for the same source address",
            _ => $"{all}; each in turn",
        };
    }

    private static string Endpoint(EndpointConfig endpoint)
    {
        List<string> more = [];
        if (endpoint.Weight != 1) more.Add($"weight {endpoint.Weight}");
        if (endpoint.Priority != 0) more.Add($"priority {endpoint.Priority}");
        if (endpoint.MaxConnections != 0) more.Add($"at most {endpoint.MaxConnections}");
        return more.Count == 0 ? endpoint.Text : $"{endpoint.Text} ({string.Join(", ", more)})";
    }

    private static IEnumerable<string> Health(ClusterConfig cluster)
    {
        if (cluster.Discovery is { } discovery)
            yield return Discovery(discovery);
        if (cluster.HealthCheck is { } check)
            yield return $"probed every {Amounts.Time(check.Interval)} ({Kind(check.Type)}): out after {check.Fall} failures, back after {check.Rise} successes";
        if (cluster.OutlierDetection is { } outliers)
        {
            yield return $"out after {outliers.ConsecutiveFailures} failed attempts in a row or {outliers.FailureRate} % of those in {Amounts.Time(outliers.Window)}, "
                + $"for {Amounts.Time(outliers.EjectionTime)} to {Amounts.Time(outliers.MaxEjectionTime)}";
        }

        if (cluster.CloseConnectionsOnUnhealthy)
            yield return "connections to an endpoint that becomes unhealthy are reset";
        if (cluster.Queue is { } queue)
            yield return $"when all are full, up to {queue.Size} connections wait for up to {Amounts.Time(queue.Timeout)}";
    }

    private static string Discovery(DiscoveryConfig discovery)
    {
        string what = discovery.Type == DiscoveryType.Srv ? "every address of the services that names have (SRV)" : "every address that names have (A, AAAA)";
        string when = discovery.Interval > TimeSpan.Zero
            ? $"every {Amounts.Time(discovery.Interval)}"
            : $"when their TTL is over, after {Amounts.Time(discovery.MinTtl)} to {Amounts.Time(discovery.MaxTtl)}";
        string kept = discovery.ExpireAfter > TimeSpan.Zero ? $"for up to {Amounts.Time(discovery.ExpireAfter)}" : "until there is another";
        return $"{what} is an endpoint of its own, looked up {when}; the last good answer is kept {kept}";
    }

    private static string Kind(HealthCheckType type) => type switch
    {
        HealthCheckType.SendExpect => "send_expect",
        HealthCheckType.Tls => "tls",
        _ => "connect",
    };
}
