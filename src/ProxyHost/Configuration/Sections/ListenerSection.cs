using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of one of <c>listeners</c>.</summary>
internal static class ListenerSection
{
    private static readonly Key<ListenerConfig, string> Name = new("name", NameType.Declaring("listener"), l => l.Name)
    {
        Summary = "What logs and metrics call the listener.",
        Example = "redis",
    };

    private static readonly Key<ListenerConfig, ImmutableArray<ListenAddress>> Listen =
        new("listen", new ListType<ListenAddress>(new ListenAddressType(), "addresses", orOne: true), l => l.Listen)
        {
            Summary = "The address or addresses that accept connections. Port 0 lets the kernel choose one. No two listeners share " +
                "an address.",
            Example = "127.0.0.1:6380",
        };

    private static readonly Key<ListenerConfig, string> Cluster = new("cluster", NameType.Of(ClusterSection.Kind), l => l.Cluster)
    {
        Summary = "The cluster that connections are proxied to, unless a route takes them elsewhere.",
        Example = "redis",
    };

    private static readonly Key<ListenerConfig, ProgramNames> Programs =
        new("programs", new OptionalType<ProgramNames>(ProgramNamesSection.Type, ProgramNames.None)!, l => l.Programs)
        {
            Summary = "The verdict programs that judge the bytes of its connections.",
            Default = ProgramNames.None,
        };

    private static readonly Key<ListenerConfig, ImmutableArray<RouteConfig>> Routes = new("routes",
        new OptionalType<ImmutableArray<RouteConfig>>(new ListType<RouteConfig>(RouteSection.Type, "routes"), []), l => l.Routes)
    {
        Summary = "Other clusters by what a connection begins with. The first route whose conditions hold is taken, else `cluster`.",
        Default = [],
    };

    private static readonly Key<ListenerConfig, InspectConfig> Inspect = new("inspect", InspectSection.Type, l => l.Inspect)
    {
        Summary = "How much of the beginning of a connection routes may look at.",
        Default = InspectConfig.Default,
    };

    private static readonly Key<ListenerConfig, OffloadMode?> Offload = new("offload", OffloadModes.Optional, l => l.Offload)
    {
        Summary = "Takes the place of `runtime.offload` for the connections of this listener, except those to a cluster that has its own.",
        Example = "off",
        Default = null,
    };

    private static readonly Key<ListenerConfig, ProxyProtocolConfig?> ProxyProtocol = new("proxy_protocol",
        new OptionalType<ProxyProtocolConfig>(ProxyProtocolSection.Type, null), l => l.ProxyProtocol)
    {
        Summary = "Headers that proxies in front put before each connection, with the client's own address.",
        Default = null,
    };

    private static readonly Key<ListenerConfig, AccessConfig?> Access = new("access", new OptionalType<AccessConfig>(AccessSection.Type, null), l => l.Access)
    {
        Summary = "Who may connect, by address.",
        Default = null,
    };

    private static readonly Key<ListenerConfig, RateConfig?> Rate = new("rate", new OptionalType<RateConfig>(RateSection.Type, null), l => l.Rate)
    {
        Summary = "New connections in a time.",
        Default = null,
    };

    private static readonly Key<ListenerConfig, PerSourceConfig?> PerSource = new("per_source", new OptionalType<PerSourceConfig>(PerSourceSection.Type, null), l => l.PerSource)
    {
        Summary = "Limits of each source of connections.",
        Default = null,
    };

    private static readonly Key<ListenerConfig, BandwidthConfig?> Bandwidth = new("bandwidth", new OptionalType<BandwidthConfig>(BandwidthSection.Type, null), l => l.Bandwidth)
    {
        Summary = "How fast the bytes of each connection may come. Only the reactor transport has it, and neither splice(2) nor the kernel's sockmap " +
            "carries such connections.",
        Default = null,
    };

    private static readonly Key<ListenerConfig, bool> Transparent = new("transparent", new BooleanType(), l => l.Transparent)
    {
        Summary = "Whether connections to addresses of other hosts are taken too, which a TPROXY rule leads here (IP_TRANSPARENT). Needs CAP_NET_ADMIN or CAP_NET_RAW.",
        Example = "true",
        Default = false,
    };

    private static readonly Key<ListenerConfig, int> MaxConnections = new("max_connections", Limits.Connections, l => l.MaxConnections)
    {
        Summary = "Connections open at a time; those beyond are refused with RST.",
        Example = "500",
        Default = Limits.DefaultConnections,
    };

    private static readonly Key<ListenerConfig, TimeSpan> IdleTimeout = new("idle_timeout", Durations.UpToAYear, l => l.IdleTimeout)
    {
        Summary = "Ends a connection that delivered no byte in either direction for this long.",
        Example = "10m",
        Default = TimeSpan.FromHours(1),
    };

    private static readonly Key<ListenerConfig, TimeSpan> HalfClosedIdleTimeout =
        new("half_closed_idle_timeout", Durations.UpToAYear, l => l.HalfClosedIdleTimeout)
        {
            Summary = "Takes the place of `idle_timeout` once one side has closed its direction. Bytes in the other direction start " +
                "it anew.",
            Example = "30s",
            Default = TimeSpan.FromMinutes(5),
        };

    private static readonly Key<ListenerConfig, TimeSpan> MaxDuration = new("max_duration", Durations.UpToAYear, l => l.MaxDuration)
    {
        Summary = "Ends a connection this long after it began, whatever it carries.",
        Example = "1d",
        Default = TimeSpan.FromDays(7),
    };

    public static YamlType<ListenerConfig> Type { get; } = new NotedType<ListenerConfig>(new Section<ListenerConfig>(
        [Name, Listen, Cluster, Programs, Routes, Inspect, Offload, ProxyProtocol, Access, Rate, PerSource, Bandwidth, Transparent, MaxConnections, IdleTimeout, HalfClosedIdleTimeout, MaxDuration],
        v => new ListenerConfig(
            v.Of(Name), v.Of(Listen), v.Of(Cluster), v.Of(MaxConnections), v.Of(IdleTimeout), v.Of(HalfClosedIdleTimeout),
            v.Of(MaxDuration))
        {
            Programs = v.Of(Programs),
            Routes = v.Of(Routes),
            Inspect = v.Of(Inspect),
            Offload = v.Of(Offload),
            ProxyProtocol = v.Of(ProxyProtocol),
            Access = v.Of(Access),
            Rate = v.Of(Rate),
            PerSource = v.Of(PerSource),
            Bandwidth = v.Of(Bandwidth),
            Transparent = v.Of(Transparent),
        }),
        NoteRoutes);

    private static void NoteRoutes(ListenerConfig listener, Cursor at)
    {
        if (!listener.Routes.IsEmpty) at.Context.Places.Add(new PlacedProgram(RouteRules.Of(listener), at) { IsRouting = true });
    }
}
