using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Sluice.ProxyHost.Model.Discovery;

/// <summary>What a look-up of a name has found, or why nothing.</summary>
/// <param name="Addresses">At least one where it succeeded, otherwise none.</param>
/// <param name="Ttl">The shortest TTL of the records used.</param>
/// <param name="Failure">What went wrong.</param>
/// <param name="Trouble">The same in words; null when nothing did.</param>
internal sealed record LookupResult(ImmutableArray<DiscoveredAddress> Addresses, TimeSpan Ttl, LookupFailure Failure, string? Trouble)
{
    /// <summary>The family whose question failed while that for the other was answered; what was known of it goes on.</summary>
    public AddressFamily? Missing { get; init; }

    /// <summary>One that found nothing.</summary>
    public static LookupResult Failed(LookupFailure failure, string trouble) => new([], TimeSpan.Zero, failure, trouble);
}

/// <summary>One address that a name leads to.</summary>
/// <param name="EndPoint">Where it is.</param>
/// <param name="Host">The name that has the address: the one asked for, or the target of its SRV record.</param>
/// <param name="Tier">Its priority among the addresses of the name; the lowest is 0.</param>
/// <param name="Weight">Its weight as SRV records say; null: they say nothing.</param>
internal sealed record DiscoveredAddress(IPEndPoint EndPoint, string Host, int Tier = 0, int? Weight = null);

/// <summary>Why a look-up found nothing. Each has a name for metrics in <c>LookupFailureNames</c>.</summary>
internal enum LookupFailure
{
    /// <summary>It found something.</summary>
    None,
    /// <summary>No resolver answered in time.</summary>
    Timeout,
    /// <summary>No resolver could be reached.</summary>
    Unreachable,
    /// <summary>The resolver says that it failed itself.</summary>
    ServerFailure,
    /// <summary>The resolver does not want to answer.</summary>
    Refused,
    /// <summary>The name does not exist.</summary>
    NoSuchName,
    /// <summary>The name exists and has no such records.</summary>
    NoRecords,
    /// <summary>Something else, such as an answer that breaks the format.</summary>
    Other,
}
