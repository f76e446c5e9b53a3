using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Upstreams;

namespace Sluice.ProxyHost.Model;

/// <summary>A cluster while the daemon runs. Safe from any thread.</summary>
/// <param name="config">Valid.</param>
/// <param name="before">The cluster of the name until now: its endpoints that are still there and its count of connections go on.</param>
internal sealed class ClusterState(ClusterConfig config, ClusterState? before = null)
{
    /// <summary>As configured.</summary>
    public ClusterConfig Config { get; } = config;

    /// <summary>In the order of the configuration.</summary>
    public EndpointState[] Endpoints { get; } =
        [.. config.Endpoints.Select(endpoint => before?.Endpoints.FirstOrDefault(known => known.Config == endpoint) ?? Create(endpoint))];

    /// <summary>Decides which endpoint a connection tries first.</summary>
    public ILoadBalancingPolicy Policy { get; } = LoadBalancingPolicies.Create(config.Balance);

    /// <summary>Connections to all endpoints together.</summary>
    public ConnectionCount Connections { get; } = before?.Connections ?? new(config.MaxConnections);

    private static EndpointState Create(EndpointConfig endpoint) => new(
        endpoint,
        endpoint.Kind == EndpointKind.HostName ? new HostNameResolver(endpoint.Host, endpoint.Port) : null);
}
