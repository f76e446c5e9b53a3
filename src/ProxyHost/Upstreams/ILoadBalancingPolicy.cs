using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>Picks the endpoint that a new connection tries first. Implementations are safe from any thread and allocate nothing.</summary>
internal interface ILoadBalancingPolicy
{
    /// <summary>An index into <paramref name="endpoints"/>, of which there is at least one.</summary>
    int Pick(ReadOnlySpan<EndpointState> endpoints);
}
