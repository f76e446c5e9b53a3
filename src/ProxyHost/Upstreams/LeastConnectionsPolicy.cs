using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>The endpoint with the fewest connections in use. Equals take turns, else short connections would all go to the first.</summary>
internal sealed class LeastConnectionsPolicy : ILoadBalancingPolicy
{
    private readonly RoundRobinPolicy _turn = new();

    /// <inheritdoc/>
    public int Pick(ReadOnlySpan<EndpointState> endpoints)
    {
        int index = _turn.Pick(endpoints);
        int best = index;
        int fewest = int.MaxValue;
        for (int i = 0; i < endpoints.Length; i++)
        {
            int inUse = endpoints[index].InUse;
            if (inUse < fewest)
                (best, fewest) = (index, inUse);
            if (++index == endpoints.Length)
                index = 0;
        }

        return best;
    }
}
