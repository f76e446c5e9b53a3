using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect.Transports;
using ConnectionHandler = Sluice.ProxyHost.Connections.ConnectionHandler;

namespace Sluice.ProxyHost.Listeners;

/// <summary>Makes what an accept loop has for itself alone, so that loops share nothing that is written often.</summary>
internal sealed class AcceptLoops(
    ITransport transport,
    ConnectionTable table,
    ProxyMetrics metrics,
    AccessLog access,
    FlightRecorder flights,
    TimeProvider clock,
    ILoggerFactory loggers,
    OwnAddresses own)
{
    /// <summary>A handler for the connections of one accept queue of the listener.</summary>
    /// <param name="listener">Of the snapshot.</param>
    /// <param name="model">The snapshot.</param>
    /// <param name="queue">The queue's number. All connections of queues with one number are on one reactor.</param>
    public ConnectionHandler CreateHandler(ListenerState listener, ModelSnapshot model, int queue)
    {
        FurtherClusters? further = listener.Programs.Any(program => program.Clusters.Any()) ? new(model.Clusters, CreateDialer, transport) : null;
        RuleTally? tally = listener.Tally(queue);
        var lane = new AcceptLane(
            listener,
            [.. listener.Clusters.Select(cluster => new ClusterLane(cluster, CreateDialer(cluster.Cluster), cluster.Meter(queue), further, tally, flights))],
            own);
        var recorder = new ConnectionRecorder(listener, metrics, access, flights);
        return new ConnectionHandler(lane, transport, table, recorder, new DefectLog(loggers.CreateLogger<DefectLog>()));
    }

    /// <summary>A loop that gives its connections to the handler.</summary>
    public AcceptLoop Create(ConnectionHandler handler) => new(handler, loggers.CreateLogger<AcceptLoop>());

    private Dialer CreateDialer(ClusterState cluster) => new(transport, cluster, metrics, clock, loggers.CreateLogger<Dialer>());
}
