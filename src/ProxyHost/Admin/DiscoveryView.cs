using Sluice.ProxyHost.Model.Discovery;

namespace Sluice.ProxyHost.Admin;

/// <summary>A name of a cluster, and what it leads to, as /clusters shows it.</summary>
internal sealed record DiscoveryView(
    string Name,
    string Type,
    IEnumerable<string> Addresses,
    double? TtlSeconds,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? NextLookup,
    int FailuresInARow,
    string? LastError,
    string? LastErrorType,
    DateTimeOffset? LastErrorAt)
{
    /// <summary>Looks at a name from outside, while it goes on.</summary>
    public static DiscoveryView Of(DiscoveredName name)
    {
        NameStanding now = name.Standing;
        return new(
            name.Text,
            name.Type == Configuration.DiscoveryType.Srv ? "srv" : "dns",
            now.Addresses.Select(address => address.EndPoint.ToString()),
            now.AnsweredAt is null ? null : now.Ttl.TotalSeconds,
            now.AnsweredAt,
            now.NextAt,
            now.Failures,
            now.Trouble,
            now.Failure == LookupFailure.None ? null : now.Failure.Name(),
            now.FailedAt);
    }
}
