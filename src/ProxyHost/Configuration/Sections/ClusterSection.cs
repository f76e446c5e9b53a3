using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of one of <c>clusters</c>.</summary>
internal static class ClusterSection
{
    /// <summary>What the names of clusters are filed under.</summary>
    public const string Kind = "cluster";

    private static readonly ChoiceType<BalanceKind> Balances = new(
        new("round_robin", BalanceKind.RoundRobin),
        new("least_connections", BalanceKind.LeastConnections),
        new("random_two_choices", BalanceKind.RandomTwoChoices),
        new("maglev", BalanceKind.Maglev));

    private static readonly Key<ClusterConfig, string> Name = new("name", NameType.Declaring(Kind, isForUse: true), c => c.Name)
    {
        Summary = "What listeners, logs and metrics call the cluster.",
        Example = "redis",
    };

    private static readonly Key<ClusterConfig, BalanceKind> Balance = new("balance", Balances, c => c.Balance)
    {
        Summary = "How an endpoint is picked: each in turn, the one with the fewest open connections, the one with fewer of two " +
            "picked at random, or (`maglev`) always the same one for the same source address. All of them heed weights.",
        Example = "least_connections",
        Default = BalanceKind.RoundRobin,
    };

    private static readonly Key<ClusterConfig, ImmutableArray<EndpointConfig>> Endpoints =
        new("endpoints", new ListType<EndpointConfig>(EndpointSection.Type, "endpoints"), c => c.Endpoints)
        {
            Summary = "Where connections go, each " + new EndpointType().Description + ". " +
                "Names are resolved when they are dialled, or see `discovery`; the builtin services are part of the daemon. Keys and values give an endpoint " +
                "a weight and more.",
            Example = "[127.0.0.1:6379]",
        };

    private static readonly Key<ClusterConfig, int> MaxConnections = new("max_connections", Limits.Connections, c => c.MaxConnections)
    {
        Summary = "Connections open at a time to all endpoints together; clients beyond are refused.",
        Example = "500",
        Default = Limits.DefaultConnections,
    };

    private static readonly Key<ClusterConfig, TimeSpan> ConnectTimeout =
        new("connect_timeout", Durations.UpToAnHour, c => c.ConnectTimeout)
        {
            Summary = "How long one attempt to connect may take.",
            Example = "500ms",
            Default = TimeSpan.FromSeconds(5),
        };

    private static readonly Key<ClusterConfig, int> ConnectAttempts =
        new("connect_attempts", new IntegerType(1, 100), c => c.ConnectAttempts)
        {
            Summary = "Attempts in all before a client is refused, each on the next endpoint. Before coming back to one that failed " +
                "there is a pause: about a quarter of a second, then half, then one.",
            Example = "5",
            Default = 3,
        };

    private static readonly Key<ClusterConfig, SendProxyProtocolConfig?> SendProxyProtocol = new("send_proxy_protocol",
        new OptionalType<SendProxyProtocolConfig>(SendProxyProtocolSection.Type, null), c => c.SendProxyProtocol)
    {
        Summary = "The PROXY header that servers get before anything else, with the client's address: its version, or keys. " +
            "Servers must expect it.",
        Example = "v2",
        Default = null,
    };

    private static readonly Key<ClusterConfig, OffloadMode?> Offload = new("offload", OffloadModes.Optional, c => c.Offload)
    {
        Summary = "Takes the place of the listener's `offload` and of `runtime.offload` for connections to this cluster.",
        Example = "bypass",
        Default = null,
    };

    public static Section<ClusterConfig> Type { get; } = new(
        [
            Name, Balance, Endpoints, MaxConnections, ConnectTimeout, ConnectAttempts, HealthKeys.Queue, HealthKeys.SlowStart,
            HealthKeys.HealthCheck, HealthKeys.OutlierDetection, HealthKeys.PanicThreshold, HealthKeys.CloseConnectionsOnUnhealthy,
            Offload, SendProxyProtocol, DiscoverySection.Key, TransparentKeys.Source,
        ],
        v => new ClusterConfig(
            v.Of(Name), v.Of(Balance), v.Of(Endpoints), v.Of(MaxConnections), v.Of(ConnectTimeout), v.Of(ConnectAttempts))
        {
            Queue = v.Of(HealthKeys.Queue),
            SlowStart = v.Of(HealthKeys.SlowStart),
            HealthCheck = v.Of(HealthKeys.HealthCheck),
            OutlierDetection = v.Of(HealthKeys.OutlierDetection),
            PanicThreshold = v.Of(HealthKeys.PanicThreshold),
            CloseConnectionsOnUnhealthy = v.Of(HealthKeys.CloseConnectionsOnUnhealthy),
            Offload = v.Of(Offload),
            SendProxyProtocol = v.Of(SendProxyProtocol),
            Discovery = v.Of(DiscoverySection.Key),
            Source = v.Of(TransparentKeys.Source),
        })
    {
        Check = (v, at) =>
        {
            if (!v.TryOf(Endpoints, out ImmutableArray<EndpointConfig> endpoints))
                return;
            TransparentKeys.Check(endpoints, v, at);
            if (v.TryOf(DiscoverySection.Key, out DiscoveryConfig? discovery))
                DiscoverySection.Check(discovery, endpoints, at);
            if (v.TryOf(HealthKeys.Queue, out QueueConfig? queue) && queue is not null && endpoints.All(endpoint => endpoint.MaxConnections == 0))
                at.Towards("queue").Error("no endpoint has `max_connections`, so none is ever full", "give the endpoints one, or remove the queue");
        },
    };
}
