using System.Collections.Immutable;
using System.Globalization;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>What makes the proxy invisible to one side or both, and what does not go together with that.</summary>
internal static class TransparentKeys
{
    private const string Remedy = "remove it, or write `runtime: { transport: reactor }`";

    public static Key<ClusterConfig, SourceKind> Source { get; } = new("source", new ChoiceType<SourceKind>(
        new("proxy", SourceKind.Proxy), new("client", SourceKind.Client), new("client_and_port", SourceKind.ClientAndPort)), c => c.Source)
    {
        Summary = "Which address servers see: this host's, the client's, or the client's with its port. For the client's, CAP_NET_ADMIN or CAP_NET_RAW " +
            "is needed, and routes that lead the answers back here.",
        Example = "client",
        Default = SourceKind.Proxy,
    };

    /// <summary>Where each connection has a destination of its own, nothing can be said of the endpoint as such.</summary>
    public static void Check(ImmutableArray<EndpointConfig> endpoints, Values<ClusterConfig> values, Cursor at)
    {
        if (!endpoints.Any(endpoint => endpoint.Kind == EndpointKind.OriginalDestination)) return;
        if (endpoints.Length > 1)
            at.Towards("endpoints").Error("`original_destination` must be the only endpoint", "give the others a cluster of their own");
        if (values.TryOf(HealthKeys.HealthCheck, out HealthCheckConfig? check) && check is not null)
            at.Towards("health_check").Error("`original_destination` has no address that could be probed", "remove it");
        if (values.TryOf(HealthKeys.OutlierDetection, out OutlierDetectionConfig? outliers) && outliers is not null)
            at.Towards("outlier_detection").Error("`original_destination` stands for many servers, and one that fails says nothing of the others", "remove it");
    }

    /// <summary>The stock transport has nothing of it.</summary>
    public static void OnReactorOnly(ImmutableArray<ListenerConfig> listeners, ImmutableArray<ClusterConfig> clusters, Cursor at)
    {
        for (int i = 0; i < listeners.Length; i++)
        {
            if (listeners[i].Transparent) Path(at, $"listeners[{i}].transparent").Error("listeners are transparent on the reactor transport only", Remedy);
        }
        for (int i = 0; i < clusters.Length; i++)
        {
            if (clusters[i].Source != SourceKind.Proxy) Path(at, $"clusters[{i}].source").Error("the client's address is kept on the reactor transport only", Remedy);
            if (clusters[i].Endpoints.Any(endpoint => endpoint.Kind == EndpointKind.OriginalDestination))
                Path(at, $"clusters[{i}].endpoints").Error("original destinations are known on the reactor transport only", Remedy);
        }
    }

    private static Cursor Path(Cursor at, FormattableString path) => at.Towards(path.ToString(CultureInfo.InvariantCulture));
}
