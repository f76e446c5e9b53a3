using System.Net;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>
/// The endpoint with the fewest connections in use for its weight. Equals take turns, else short connections would all go to the
/// first. Among many it is the least used of some in a row, so that a pick never looks at thousands.
/// </summary>
internal sealed class LeastConnectionsPolicy : ILoadBalancingPolicy
{
    /// <summary>How many a pick looks at: up to here it is exact.</summary>
    public const int MostLookedAt = 64;

    private uint _turn = uint.MaxValue;

    /// <inheritdoc/>
    public int Pick(ClusterMembership members, EndPoint? source)
    {
        EndpointState[] endpoints = members.Endpoints;
        int[] weights = members.Weights.Weights;
        uint turn = Interlocked.Increment(ref _turn);
        int count = Math.Min(endpoints.Length, MostLookedAt);
        // Steps of a golden section of the whole spread over all of them evenly, from the first picks on.
        int index = endpoints.Length <= MostLookedAt
            ? (int)(turn % (uint)endpoints.Length)
            : (int)(((ulong)(turn * 2654435769u) * (uint)endpoints.Length) >> 32);
        int best = index;
        for (int i = 0; i < count; i++)
        {
            if (i == 0 || Load.IsLess(endpoints[index].InUse, weights[index], endpoints[best].InUse, weights[best]))
                best = index;
            if (++index == endpoints.Length)
                index = 0;
        }

        return best;
    }
}
