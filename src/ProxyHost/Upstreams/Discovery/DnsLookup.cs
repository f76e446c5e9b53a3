using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model.Discovery;

namespace Sluice.ProxyHost.Upstreams.Discovery;

/// <summary>Asks the resolvers that a discovery names, or the system's, for A and AAAA or for SRV records. Safe from any thread.</summary>
internal sealed class DnsLookup : INameLookup
{
    /// <summary>More addresses of one name than this are left out.</summary>
    public const int MostAddresses = 256;

    private const int MostTargets = 64;

    /// <inheritdoc/>
    public async Task<LookupResult> LookUpAsync(DiscoveredName name, DiscoveryConfig config, CancellationToken stop)
    {
        IReadOnlyList<IPEndPoint> resolvers = config.Resolvers.IsEmpty ? SystemResolvers.Read() : config.Resolvers;
        var ask = new DnsQuestions(resolvers, config, stop);
        return name.Type == DiscoveryType.Srv
            ? await ServicesAsync(ask, name.Host, resolvers)
            : await AddressesAsync(ask, name.Host, name.Port, resolvers);
    }

    private static async Task<LookupResult> AddressesAsync(DnsQuestions ask, string host, int port, IReadOnlyList<IPEndPoint> resolvers)
    {
        DnsAnswer[] answers = await Task.WhenAll(ask.AskAsync(host, QueryType.A), ask.AskAsync(host, QueryType.AAAA));
        // Servers turn their answers round: which are left out must not depend on that.
        ImmutableArray<DiscoveredAddress> found =
        [
            .. answers.SelectMany(answer => answer.Records).OfType<AddressRecord>()
                .Select(record => new DiscoveredAddress(new IPEndPoint(record.Address, port), host)).Distinct()
                .OrderBy(address => address.EndPoint.ToString(), StringComparer.Ordinal).Take(MostAddresses),
        ];
        DnsAnswer? unknown = answers.FirstOrDefault(answer => answer.IsUnknown);
        if (found.IsEmpty)
            return Nothing(unknown ?? answers[0], "address", resolvers);
        AddressFamily? missing = unknown is null ? null : unknown == answers[0] ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        return new(found, answers.Min(answer => answer.Ttl), LookupFailure.None, null) { Missing = missing };
    }

    private static async Task<LookupResult> ServicesAsync(DnsQuestions ask, string host, IReadOnlyList<IPEndPoint> resolvers)
    {
        DnsAnswer services = await ask.AskAsync(host, QueryType.SRV);
        // A target that is the root says that there is no such service (RFC 2782).
        SrvRecord[] records =
        [
            .. services.Records.OfType<SrvRecord>().Where(record => record.Target.Value != ".")
                .OrderBy(record => record.Priority).ThenBy(record => record.Target.Value, StringComparer.Ordinal).ThenBy(record => record.Port).Take(MostTargets),
        ];
        if (records.Length == 0)
            return Nothing(services, "service", resolvers);

        LookupResult[] targets = await Task.WhenAll(records.Select(record => AddressesAsync(ask, HostOf(record), record.Port, resolvers)));
        // A target of which nothing could be learnt would be taken for gone.
        if (targets.FirstOrDefault(target => target.Failure != LookupFailure.None && !target.Failure.IsDefinite()) is { } unknown)
            return unknown;
        ImmutableArray<DiscoveredAddress> found = [.. SrvShares.Of(records, targets).Take(MostAddresses)];
        if (found.IsEmpty)
            return targets[0];
        IEnumerable<LookupResult> good = targets.Where(target => target.Failure == LookupFailure.None);
        TimeSpan ttl = good.Min(target => target.Ttl);
        return new(found, services.Ttl < ttl ? services.Ttl : ttl, LookupFailure.None, null)
        {
            Missing = good.FirstOrDefault(target => target.Missing is not null)?.Missing,
        };
    }

    internal static string HostOf(SrvRecord record) => record.Target.Value.TrimEnd('.');

    private static LookupResult Nothing(DnsAnswer answer, string what, IReadOnlyList<IPEndPoint> resolvers)
    {
        LookupFailure failure = answer.Failure == LookupFailure.None ? LookupFailure.NoRecords : answer.Failure;
        string who = string.Join(", ", resolvers);
        return LookupResult.Failed(failure, failure switch
        {
            LookupFailure.Timeout => $"no answer from {who} in time",
            LookupFailure.NoRecords => $"{who} knows no {what} of it",
            LookupFailure.NoSuchName => $"{who} says that there is no such name",
            _ => $"{who}: {answer.Trouble ?? failure.Name()}",
        });
    }
}
