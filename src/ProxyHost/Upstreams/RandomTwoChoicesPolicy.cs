using System.Diagnostics.CodeAnalysis;
using System.Net;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>
/// The less used of two different endpoints picked at random by their weights: nearly as even as looking at all of them, without
/// every proxy of a fleet running to the same least used one.
/// </summary>
internal sealed class RandomTwoChoicesPolicy : ILoadBalancingPolicy
{
    /// <inheritdoc/>
    [SuppressMessage("Security", "CA5394", Justification = "Spreading load is no secret.")]
    public int Pick(ClusterMembership members, EndPoint? source)
    {
        if (members.Endpoints.Length == 1)
            return 0;
        WeightTable table = members.Weights;
        int first = table.At(Random.Shared.NextInt64(table.Total));
        long point = Random.Shared.NextInt64(table.Total - table.Weights[first]);
        // The line without the first one's stretch.
        int second = table.At(point < table.StartOf(first) ? point : point + table.Weights[first]);
        return Load.IsLess(members.Endpoints[second].InUse, table.Weights[second], members.Endpoints[first].InUse, table.Weights[first]) ? second : first;
    }
}
