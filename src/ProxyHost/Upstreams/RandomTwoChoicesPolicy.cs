using System.Diagnostics.CodeAnalysis;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>
/// The less used of two different endpoints picked at random: nearly as even as looking at all of them, without every
/// proxy of a fleet running to the same least used one.
/// </summary>
internal sealed class RandomTwoChoicesPolicy : ILoadBalancingPolicy
{
    /// <inheritdoc/>
    [SuppressMessage("Security", "CA5394", Justification = "Spreading load is no secret.")]
    public int Pick(ReadOnlySpan<EndpointState> endpoints)
    {
        if (endpoints.Length == 1)
            return 0;
        int first = Random.Shared.Next(endpoints.Length);
        int second = Random.Shared.Next(endpoints.Length - 1);
        if (second >= first)
            second++;
        return endpoints[second].InUse < endpoints[first].InUse ? second : first;
    }
}
