using System.Collections.Immutable;
using System.Net;

namespace Sluice.ProxyHost.Configuration;

/// <summary>How the host names among a cluster's endpoints become endpoints of their own.</summary>
/// <param name="Type">What the names are asked for.</param>
/// <param name="MinTtl">The shortest that an answer serves, 1 ms to 1 h. Default 1 s.</param>
/// <param name="MaxTtl">The longest that an answer serves, 1 ms to 1 d, not less than the shortest. Default 5 min.</param>
/// <param name="Timeout">For one question, every resolver and a second try included, 1 ms to 1 min. Default 2 s.</param>
public sealed record DiscoveryConfig(DiscoveryType Type, TimeSpan MinTtl, TimeSpan MaxTtl, TimeSpan Timeout)
{
    /// <summary>From one look-up to the next, whatever TTLs say, 1 ms to 1 d; zero: TTLs say. Default zero.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>How long the last good answer serves while no new one comes; zero: for ever. Default zero.</summary>
    public TimeSpan ExpireAfter { get; init; }

    /// <summary>Who is asked, the first that answers; empty: those of the system. Default empty.</summary>
    public ImmutableArray<IPEndPoint> Resolvers { get; init; } = [];

    /// <summary>What a discovery has that says nothing else.</summary>
    public static DiscoveryConfig Default { get; } =
        new(DiscoveryType.Dns, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(2));
}

/// <summary>What a name is asked for.</summary>
public enum DiscoveryType
{
    /// <summary>Its addresses, A and AAAA; the port is configured.</summary>
    Dns,
    /// <summary>Its services, SRV, with their ports, priorities and weights, and the addresses of those.</summary>
    Srv,
}
