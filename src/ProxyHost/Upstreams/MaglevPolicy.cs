using System.Diagnostics.CodeAnalysis;
using System.Net;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>The same endpoint for the same source address. What has no address, such as a unix socket, goes anywhere.</summary>
internal sealed class MaglevPolicy : ILoadBalancingPolicy
{
    /// <inheritdoc/>
    [SuppressMessage("Security", "CA5394", Justification = "Spreading load is no secret.")]
    public int Pick(ClusterMembership members, EndPoint? source) => SourceHash.TryOf(source, out ulong hash)
        ? members.Maglev![hash]
        : members.Weights.At(Random.Shared.NextInt64(members.Weights.Total));
}
