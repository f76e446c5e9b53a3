using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>Each endpoint in turn, whichever thread asks: n picks of n endpoints give each exactly one.</summary>
internal sealed class RoundRobinPolicy : ILoadBalancingPolicy
{
    private ulong _next = ulong.MaxValue;

    /// <inheritdoc/>
    public int Pick(ReadOnlySpan<EndpointState> endpoints) =>
        (int)(Interlocked.Increment(ref _next) % (uint)endpoints.Length);
}
