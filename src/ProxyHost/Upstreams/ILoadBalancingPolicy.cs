using System.Net;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>
/// Picks the endpoint that a new connection tries first, heeding weights. Implementations are safe from any thread, allocate
/// nothing and take at most about a microsecond however many endpoints there are.
/// </summary>
internal interface ILoadBalancingPolicy
{
    /// <summary>An index into <see cref="ClusterMembership.Endpoints"/>, of which there is at least one.</summary>
    /// <param name="members">Those to pick from.</param>
    /// <param name="source">Where the connection comes from; null where that is unknown.</param>
    int Pick(ClusterMembership members, EndPoint? source);
}
