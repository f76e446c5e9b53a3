using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Upstreams;

namespace Sluice.ProxyHost.Model;

/// <summary>A cluster while the daemon runs. Safe from any thread.</summary>
internal sealed class ClusterState(ClusterConfig config)
{
    /// <summary>As configured.</summary>
    public ClusterConfig Config { get; } = config;

    /// <summary>In the order of the configuration.</summary>
    public EndpointState[] Endpoints { get; } = [.. config.Endpoints.Select(Create)];

    /// <summary>Decides which endpoint a connection tries first.</summary>
    public ILoadBalancingPolicy Policy { get; } = LoadBalancingPolicies.Create(config.Balance);

    /// <summary>Writes the PROXY header that its servers get first; null where they get none.</summary>
    public SentProxyHeader? SentHeader { get; } = SentProxyHeader.Of(config);

    /// <summary>Connections to all endpoints together.</summary>
    public ConnectionCount Connections { get; } = new(config.MaxConnections);

    private static EndpointState Create(EndpointConfig endpoint) => new(
        endpoint,
        endpoint.Kind == EndpointKind.HostName ? new HostNameResolver(endpoint.Host, endpoint.Port) : null);
}
