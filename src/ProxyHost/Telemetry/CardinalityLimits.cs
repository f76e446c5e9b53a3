using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Discovery;
using Sluice.ProxyHost.Reloading;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// How many combinations of attributes each instrument may have. OpenTelemetry sets that much memory aside for each when it
/// starts, and past it lumps everything else together; its 2,000 for everyone are too many for most and too few for some.
/// </summary>
internal sealed class CardinalityLimits(SluiceConfig config)
{
    /// <summary>For the runtime's own instruments, whose attributes are a few fixed words, and types of exceptions.</summary>
    public const int Other = 64;

    // More than accept(2) or connect(2) are known to give, and name_resolution.
    private const int Errors = 24;

    // Addresses of a name that have series of their own before the rest is lumped together.
    private const int AddressesOfName = 16;

    private static readonly int Reasons = Enum.GetValues<EndReason>().Length;
    private readonly int _listeners = config.Listeners.Length;
    private readonly int _listenerClusters = config.Listeners.Sum(listener => listener.Routes.Select(route => route.Cluster).Append(listener.Cluster).Distinct().Count());
    private readonly int _limitedDirections = config.Listeners.Sum(listener =>
        (listener.Bandwidth?.FromClient is null ? 0 : 1) + (listener.Bandwidth?.FromUpstream is null ? 0 : 1));
    private readonly int _rules = config.Listeners.Sum(listener => RulesOf(config, listener));
    private readonly int _clusters = config.Clusters.Length;
    private readonly int _endpoints = config.Clusters.Sum(cluster => cluster.Endpoints.Sum(endpoint => IsDiscovered(cluster, endpoint) ? AddressesOfName : 1));
    private readonly int _names = config.Clusters.Sum(cluster => cluster.Endpoints.Count(endpoint => IsDiscovered(cluster, endpoint)));

    /// <summary>Enough for everything that this configuration can give rise to.</summary>
    public int Of(string instrument) => instrument switch
    {
        "sluice.server.active_connections" => _listenerClusters,
        "sluice.server.connection_limit" or "sluice.map.entries" or "sluice.server.unregistered_connections" or "sluice.server.untracked_connections" => _listeners,
        "sluice.server.connection.duration" or "sluice.server.rejected_connections" or "sluice.server.dry_run_rejections" => _listenerClusters * Reasons,
        "sluice.server.accept_errors" => _listeners * Errors,
        "sluice.client.connect.duration" or "sluice.endpoint.health_checks" => _endpoints * Errors,
        "sluice.client.open_connections" or "sluice.endpoint.ejections" => _endpoints,
        "sluice.client.connection_limit" or "sluice.endpoint.count" or "sluice.endpoint.healthy" or "sluice.endpoint.eligible"
            or "sluice.cluster.panic" or "sluice.cluster.queue_length" => _clusters,
        "sluice.discovery.lookups" => _names * LookupFailureNames.Count,
        "sluice.discovery.endpoints" or "sluice.discovery.answer_age" => _names,
        "sluice.cluster.queue_rejections" => _clusters * 2,
        "sluice.cluster.queue_wait" => _clusters * Reasons,
        "sluice.rule.verdicts" => _rules,
        "sluice.offload.fallbacks" => WireNames.OffloadRefusals.Length + OffloadState.MostReasons,
        "sluice.offload.pairs" or "sluice.offload.promotions" or "sluice.offload.demotions" or "sluice.offload.overlaps"
            or "sluice.offload.active_directions" => 1,
        "sluice.offload.messages" => 2 + WireNames.Passes.Length,
        "sluice.config.reloads" => ReloadResults.All.Length,
        "sluice.config.generation" or "sluice.config.last_success" or "sluice.reactor.timers" or "sluice.reactor.held" => 1,
        "sluice.bandwidth.delayed" or "sluice.bandwidth.delay" => Math.Max(1, _limitedDirections * 2),
        "sluice.io" => _listenerClusters * WireNames.Directions.Length * WireNames.DataPaths.Length,
        _ => Other,
    };

    private static bool IsDiscovered(ClusterConfig cluster, EndpointConfig endpoint) => cluster.Discovery is not null && endpoint.Kind == EndpointKind.HostName;

    private static int RulesOf(SluiceConfig config, ListenerConfig listener) =>
        config.Programs
            .Where(program => program.Name == listener.Programs.FromClient || program.Name == listener.Programs.FromUpstream)
            .Sum(program => program.Rules.Length + 1);
}
