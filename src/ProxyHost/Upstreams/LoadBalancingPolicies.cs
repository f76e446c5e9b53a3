using System.Diagnostics;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>From the configuration's word to a policy.</summary>
internal static class LoadBalancingPolicies
{
    /// <summary>A policy of its own for each cluster: some of them remember where they were.</summary>
    public static ILoadBalancingPolicy Create(BalanceKind kind) => kind switch
    {
        BalanceKind.RoundRobin => new RoundRobinPolicy(),
        BalanceKind.LeastConnections => new LeastConnectionsPolicy(),
        BalanceKind.RandomTwoChoices => new RandomTwoChoicesPolicy(),
        BalanceKind.Maglev => new MaglevPolicy(),
        _ => throw new UnreachableException($"no policy for {kind}"),
    };
}
