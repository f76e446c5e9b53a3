using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The keys of a cluster that say which of its endpoints are used, and when.</summary>
internal static class HealthKeys
{
    public static Key<ClusterConfig, QueueConfig?> Queue { get; } =
        new("queue", new OptionalType<QueueConfig>(QueueSection.Type, null), c => c.Queue)
        {
            Summary = "Where connections wait, in order, while every endpoint has its `max_connections`. Without it they are refused.",
            Example = "{ size: 500, timeout: 1s }",
            Default = null,
        };

    public static Key<ClusterConfig, TimeSpan> SlowStart { get; } =
        new("slow_start", new OptionalType<TimeSpan>(Durations.UpToAnHour, TimeSpan.Zero), c => c.SlowStart)
        {
            Summary = "How long an endpoint that became healthy again, or was discovered, takes from a tenth of its weight to all of it.",
            Example = "30s",
            Default = TimeSpan.Zero,
        };

    public static Key<ClusterConfig, HealthCheckConfig?> HealthCheck { get; } =
        new("health_check", new OptionalType<HealthCheckConfig>(HealthCheckSection.Type, null), c => c.HealthCheck)
        {
            Summary = "Probes of every endpoint. Without it none is probed.",
            Example = "{ type: tls, interval: 10s }",
            Default = null,
        };

    public static Key<ClusterConfig, OutlierDetectionConfig?> OutlierDetection { get; } =
        new("outlier_detection", new OptionalType<OutlierDetectionConfig>(OutlierDetectionSection.Type, null), c => c.OutlierDetection)
        {
            Summary = "Takes endpoints out for a while that clients' connections cannot be opened to. Without it none is.",
            Example = "{ consecutive_failures: 3 }",
            Default = null,
        };

    public static Key<ClusterConfig, int> PanicThreshold { get; } = new("panic_threshold", new IntegerType(0, 100), c => c.PanicThreshold)
    {
        Summary = "A priority is used while at least so many percent of its endpoints are healthy; with `0` one is enough. " +
            "When no priority has as many, the best one is used with all its endpoints, healthy or not.",
        Example = "50",
        Default = 0,
    };

    public static Key<ClusterConfig, bool> CloseConnectionsOnUnhealthy { get; } =
        new("close_connections_on_unhealthy", new BooleanType(), c => c.CloseConnectionsOnUnhealthy)
        {
            Summary = "Whether the connections to an endpoint end with RST when it becomes unhealthy, so that clients reconnect to another.",
            Example = "true",
            Default = false,
        };
}
