using DnsClient.Protocol;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model.Discovery;

namespace Sluice.ProxyHost.Upstreams.Discovery;

/// <summary>Priorities and weights of SRV records (0 to 65535 each) as those of endpoints.</summary>
internal static class SrvShares
{
    /// <summary>The addresses of all targets. The lowest priority becomes tier 0, the next one 1, whatever the numbers are.</summary>
    public static IEnumerable<DiscoveredAddress> Of(SrvRecord[] records, LookupResult[] targets)
    {
        int[] priorities = [.. records.Select(record => (int)record.Priority).Distinct().Order()];
        int heaviest = records.Max(record => record.Weight);
        for (int i = 0; i < records.Length; i++)
        {
            foreach (DiscoveredAddress address in targets[i].Addresses)
                yield return address with { Tier = Array.IndexOf(priorities, records[i].Priority), Weight = Weight(records[i].Weight, heaviest) };
        }
    }

    /// <summary>A weight of 0 is the smallest there is; those above what an endpoint may have are made smaller in proportion.</summary>
    public static int Weight(int weight, int heaviest) => Math.Max(1, heaviest <= EndpointConfig.MostWeight
        ? weight
        : (int)Math.Round((double)weight * EndpointConfig.MostWeight / heaviest));
}
