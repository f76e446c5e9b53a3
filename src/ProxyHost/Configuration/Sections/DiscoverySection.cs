using System.Collections.Immutable;
using System.Net;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a cluster's <c>discovery</c>; mostly just the type.</summary>
internal static class DiscoverySection
{
    private static readonly DiscoveryConfig Usual = DiscoveryConfig.Default;
    private static readonly ChoiceType<DiscoveryType> Types = new(new("dns", DiscoveryType.Dns), new("srv", DiscoveryType.Srv));

    private static readonly Key<DiscoveryConfig, DiscoveryType> Kind = new("type", Types, d => d.Type)
    {
        Summary = "What names are asked for: their addresses (A and AAAA), or their services (SRV) with ports, priorities and weights.",
        Example = "srv",
        Default = Usual.Type,
    };

    private static readonly Key<DiscoveryConfig, TimeSpan> Interval =
        new("interval", new OptionalType<TimeSpan>(Durations.UpToADay, TimeSpan.Zero), d => d.Interval)
        {
            Summary = "From one look-up of a name to the next, whatever its TTL says. Without it the TTL says.",
            Example = "5s",
            Default = TimeSpan.Zero,
        };

    private static readonly Key<DiscoveryConfig, TimeSpan> MinTtl = new("min_ttl", Durations.UpToAnHour, d => d.MinTtl)
    {
        Summary = "The shortest that an answer serves, however short its TTL is.",
        Example = "5s",
        Default = Usual.MinTtl,
    };

    private static readonly Key<DiscoveryConfig, TimeSpan> MaxTtl = new("max_ttl", Durations.UpToADay, d => d.MaxTtl)
    {
        Summary = "The longest that an answer serves, however long its TTL is.",
        Example = "1m",
        Default = Usual.MaxTtl,
    };

    private static readonly Key<DiscoveryConfig, ImmutableArray<IPEndPoint>> Resolver = new("resolver",
        new OptionalType<ImmutableArray<IPEndPoint>>(new ListType<IPEndPoint>(new ResolverAddressType(), "resolvers", orOne: true), []), d => d.Resolvers)
    {
        Summary = "The servers of DNS to ask, the next one where one does not answer. Without it those of `/etc/resolv.conf`, which is read anew each time.",
        Example = "[10.0.0.2, 10.0.0.3:5353]",
        Default = [],
    };

    private static readonly Key<DiscoveryConfig, TimeSpan> Timeout =
        new("timeout", new DurationType(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)), d => d.Timeout)
        {
            Summary = "How long one question may take, every resolver and a second try included.",
            Example = "500ms",
            Default = Usual.Timeout,
        };

    private static readonly Key<DiscoveryConfig, TimeSpan> ExpireAfter =
        new("expire_after", new OptionalType<TimeSpan>(Durations.UpToADay, TimeSpan.Zero), d => d.ExpireAfter)
        {
            Summary = "How long the last good answer serves while look-ups fail or find nothing; then its endpoints are removed. Without it they never are.",
            Example = "10m",
            Default = TimeSpan.Zero,
        };

    private static readonly Section<DiscoveryConfig> Full = new(
        [Kind, Interval, MinTtl, MaxTtl, Resolver, Timeout, ExpireAfter],
        v => new DiscoveryConfig(v.Of(Kind), v.Of(MinTtl), v.Of(MaxTtl), v.Of(Timeout))
        {
            Interval = v.Of(Interval),
            Resolvers = v.Of(Resolver),
            ExpireAfter = v.Of(ExpireAfter),
        })
    {
        Check = (v, at) =>
        {
            if (v.TryOf(MinTtl, out TimeSpan least) && v.TryOf(MaxTtl, out TimeSpan most) && least > most)
                at.Error("`min_ttl` is longer than `max_ttl`", "make it at most as long");
        },
    };

    /// <summary>The key of a cluster.</summary>
    public static Key<ClusterConfig, DiscoveryConfig?> Key { get; } = new("discovery", new OptionalType<DiscoveryConfig>(
        new ShorthandType<DiscoveryType, DiscoveryConfig>(Types, Full, type => Usual with { Type = type }, TryShorten), null), c => c.Discovery)
    {
        Summary = "Makes every address that the host names among `endpoints` lead to an endpoint of its own, and keeps them up to date: " +
            "the type, or keys. Without it a name is one endpoint, resolved when it is dialled.",
        Example = "dns",
        Default = null,
    };

    /// <summary>Whether the endpoints are such as can be discovered, or need no discovery.</summary>
    public static void Check(DiscoveryConfig? discovery, ImmutableArray<EndpointConfig> endpoints, Cursor at)
    {
        EndpointConfig[] names = [.. endpoints.Where(endpoint => endpoint.Kind == EndpointKind.HostName)];
        if (discovery is not null && names.Length == 0)
            at.Towards("discovery").Error("no endpoint is a host name, so there is nothing to discover", "remove the key, or write names in `endpoints`");
        foreach (EndpointConfig name in names)
        {
            bool isService = name.Port == 0;
            if (isService && discovery?.Type != DiscoveryType.Srv)
                at.Towards("endpoints").Error($"`{Quote.Text(name.Text)}` has no port", "add one, or `discovery: srv` if it is the name of a service");
            if (!isService && discovery?.Type == DiscoveryType.Srv)
                at.Towards("endpoints").Error($"`{Quote.Text(name.Text)}` has a port, and SRV records have their own", "write a name such as `_postgres._tcp.db.example`");
        }
    }

    private static bool TryShorten(DiscoveryConfig value, out DiscoveryType word)
    {
        word = value.Type;
        return value.Resolvers.IsEmpty && value with { Type = Usual.Type, Resolvers = Usual.Resolvers } == Usual;
    }
}
