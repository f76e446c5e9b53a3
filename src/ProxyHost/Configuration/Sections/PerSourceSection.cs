using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a listener's <c>per_source</c>.</summary>
internal static class PerSourceSection
{
    private static readonly Key<PerSourceConfig, int?> MaxConnections = new("max_connections",
        new OptionalType<int?>(new MappedType<int, int?>(Limits.Connections, n => n, n => n!.Value), null), s => s.MaxConnections)
    {
        Summary = "Connections of one source open at a time; those beyond are refused with RST.",
        Example = "50",
        Default = null,
    };

    private static readonly Key<PerSourceConfig, RateConfig?> Rate = new("rate", new OptionalType<RateConfig>(RateSection.Type, null), s => s.Rate)
    {
        Summary = "New connections of one source.",
        Default = null,
    };

    private static readonly Key<PerSourceConfig, int> IPv4 = new("ipv4_prefix", new IntegerType(0, 32), s => s.IPv4Prefix)
    {
        Summary = "How many bits of an IPv4 address make a source.",
        Example = "24",
        Default = 32,
    };

    private static readonly Key<PerSourceConfig, int> IPv6 = new("ipv6_prefix", new IntegerType(0, 128), s => s.IPv6Prefix)
    {
        Summary = "How many bits of an IPv6 address make a source. A single client often has a whole /64.",
        Example = "56",
        Default = 64,
    };

    private static readonly Key<PerSourceConfig, int> Sources = new("sources", new IntegerType(8, 1 << 24), s => s.Sources)
    {
        Summary = "How many sources are remembered, rounded up to a power of two; each takes 32 bytes from the start. One that is not " +
            "connected is forgotten for another, the longest unused of eight first.",
        Example = "65536",
        Default = 16_384,
    };

    private static readonly Key<PerSourceConfig, bool> DryRun = new("dry_run", new BooleanType(), s => s.DryRun)
    {
        Summary = "Whether it is only counted and logged what `max_connections` would refuse.",
        Example = "true",
        Default = false,
    };

    public static Section<PerSourceConfig> Type { get; } = new(
        [MaxConnections, Rate, IPv4, IPv6, Sources, DryRun],
        v => new PerSourceConfig(v.Of(IPv4), v.Of(IPv6), v.Of(Sources), v.Of(MaxConnections), v.Of(Rate), v.Of(DryRun)));
}
