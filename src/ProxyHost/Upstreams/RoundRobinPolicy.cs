using System.Net;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>Each endpoint in turn, whichever thread asks: as many picks as there are weights give each exactly its weight.</summary>
internal sealed class RoundRobinPolicy : ILoadBalancingPolicy
{
    private ulong _next = ulong.MaxValue;

    /// <inheritdoc/>
    public int Pick(ClusterMembership members, EndPoint? source) => members.Weights.InTurn(Interlocked.Increment(ref _next));
}
