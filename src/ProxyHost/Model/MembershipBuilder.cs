using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Model;

/// <summary>Decides which endpoints of a cluster take new connections.</summary>
internal static class MembershipBuilder
{
    // Weights are whole numbers; while one is growing they are counted in hundredths.
    private const int Finer = 100;

    /// <summary>From the endpoints and their health at this moment.</summary>
    /// <param name="config">Of the cluster.</param>
    /// <param name="endpoints">All of them.</param>
    /// <param name="rampOf">How much of its weight an endpoint has, above 0 up to 1.</param>
    public static ClusterMembership Build(ClusterConfig config, EndpointState[] endpoints, Func<EndpointState, double> rampOf)
    {
        if (Array.Exists(endpoints, endpoint => endpoint.Live.IsDraining))
            endpoints = Array.FindAll(endpoints, endpoint => !endpoint.Live.IsDraining);
        if (endpoints.Length == 0)
            return new([], [], [], isPanic: false);

        EndpointState[] chosen = Choose(config.PanicThreshold, endpoints, out bool isPanic);
        int priority = chosen[0].Config.Priority;
        EndpointState[] spares =
        [
            .. endpoints.Where(endpoint => endpoint.Config.Priority != priority && endpoint.Health.IsHealthy)
                .OrderBy(endpoint => endpoint.Config.Priority),
        ];
        bool isRamping = chosen.Any(endpoint => rampOf(endpoint) < 1);
        int[] weights = [.. chosen.Select(endpoint => isRamping ? Math.Max(1, (int)(endpoint.Config.Weight * Finer * rampOf(endpoint))) : endpoint.Config.Weight)];
        int most = endpoints.Count(endpoint => endpoint.Config.Priority == priority);
        MaglevTable? maglev = config.Balance == BalanceKind.Maglev ? new(chosen, weights, most) : null;
        return new(chosen, spares, weights, isPanic, maglev);
    }

    // The first priority with enough healthy endpoints gives its healthy ones. If there is none, too few are left to trust what is
    // known of health: the priority that is best off gives all it has.
    private static EndpointState[] Choose(int threshold, EndpointState[] endpoints, out bool isPanic)
    {
        isPanic = false;
        EndpointState[] best = [];
        double bestShare = -1;
        foreach (IGrouping<int, EndpointState> tier in endpoints.GroupBy(endpoint => endpoint.Config.Priority).OrderBy(tier => tier.Key))
        {
            EndpointState[] all = [.. tier];
            EndpointState[] healthy = Array.FindAll(all, endpoint => endpoint.Health.IsHealthy);
            if (healthy.Length > 0 && healthy.Length * 100L >= (long)threshold * all.Length)
                return healthy;
            double share = (double)healthy.Length / all.Length;
            if (share > bestShare)
                (best, bestShare) = (all, share);
        }

        isPanic = true;
        return best;
    }
}
