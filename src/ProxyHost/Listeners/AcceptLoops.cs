using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Listeners;

/// <summary>Makes an accept loop with everything that belongs to it alone, so that loops share nothing that is written often.</summary>
internal sealed class AcceptLoops(
    ITransport transport,
    ProxyModel model,
    ConnectionTable table,
    ProxyMetrics metrics,
    AccessLog access,
    TimeProvider clock,
    ILoggerFactory loggers)
{
    /// <summary>A loop for one accept queue of the listener.</summary>
    public AcceptLoop Create(ListenerState listener)
    {
        FurtherClusters? further = listener.Programs.Any(program => program.Clusters.Any()) ? new(model.Clusters, CreateDialer, transport) : null;
        RuleTally? tally = listener.AddTally();
        var lane = new AcceptLane(
            listener,
            [.. listener.Clusters.Select(cluster => new ClusterLane(cluster, CreateDialer(cluster.Cluster), cluster.AddMeter(), further, tally))]);
        var recorder = new ConnectionRecorder(listener, metrics, access);
        var handler = new ConnectionHandler(lane, transport, table, recorder, new DefectLog(loggers.CreateLogger<DefectLog>()));
        return new AcceptLoop(listener, handler, loggers.CreateLogger<AcceptLoop>());
    }

    private Dialer CreateDialer(ClusterState cluster) => new(transport, cluster, metrics, clock, loggers.CreateLogger<Dialer>());
}
