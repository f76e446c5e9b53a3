using System.Diagnostics.Metrics;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Live;
using Sluice.ProxyHost.Reloading;
using Sluice.Redirect.Reactors;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// The instruments of the Meter <c>Sluice</c>; docs/metrics.md describes them. What is a state of the model is only
/// looked at when somebody collects, so that a connection pays for nothing but its two histograms.
/// </summary>
internal sealed class ProxyMetrics : IDisposable
{
    public const string MeterName = "Sluice";

    private static readonly InstrumentAdvice<double> Lifetimes = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400],
    };

    private static readonly InstrumentAdvice<double> Connects = new()
    {
        HistogramBucketBoundaries = LatencyCounts.Bounds,
    };

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _wouldReject;
    private readonly Counter<long> _acceptErrors;
    private readonly Histogram<double> _connect;
    private readonly Histogram<double> _queueWait;
    private readonly Counter<long> _checks;
    private readonly ObservedReactors _reactors;

    public ProxyMetrics(ProxyModel model, ReloadHistory reloads)
    {
        _duration = _meter.CreateHistogram("sluice.server.connection.duration", "s", "Lifetime of accepted connections.", advice: Lifetimes);
        _rejected = _meter.CreateCounter<long>("sluice.server.rejected_connections", "{connection}", "Connections refused before anything was dialled.");
        _wouldReject = _meter.CreateCounter<long>("sluice.server.dry_run_rejections", "{connection}", "Connections let in that a limit in a dry run would have refused.");
        _acceptErrors = _meter.CreateCounter<long>("sluice.server.accept_errors", "{error}", "Failures of accept.");
        _connect = _meter.CreateHistogram("sluice.client.connect.duration", "s", "Time of one attempt to connect to an endpoint.", advice: Connects);
        _queueWait = _meter.CreateHistogram("sluice.cluster.queue_wait", "s", "Time that connections waited for an endpoint that was not full.", advice: Connects);
        _checks = _meter.CreateCounter<long>("sluice.endpoint.health_checks", "{check}", "Probes of an endpoint that have ended.");

        var observed = new ObservedState(model);
        _meter.CreateObservableUpDownCounter("sluice.server.active_connections", observed.ActiveConnections, "{connection}", "Accepted connections now.");
        _meter.CreateObservableUpDownCounter("sluice.server.connection_limit", observed.ListenerLimits, "{connection}", "max_connections of the listener.");
        _meter.CreateObservableUpDownCounter("sluice.client.open_connections", observed.OpenConnections, "{connection}", "Open connections to endpoints now.");
        _meter.CreateObservableUpDownCounter("sluice.client.connection_limit", observed.ClusterLimits, "{connection}", "max_connections of the cluster.");
        _meter.CreateObservableUpDownCounter("sluice.endpoint.count", observed.Endpoints, "{endpoint}", "Endpoints of the cluster.");
        _meter.CreateObservableCounter("sluice.server.unregistered_connections", observed.Unregistered, "{connection}", "Connections whose sockets the listener's sockhash refused.");
        _meter.CreateObservableCounter("sluice.server.untracked_connections", observed.Untracked, "{connection}", "Connections that limits of sources did not apply to.");
        _meter.CreateObservableCounter("sluice.rule.verdicts", observed.Verdicts, "{message}", "Messages that a rule decided on, or would have decided on as a shadow.");
        _meter.CreateObservableCounter("sluice.io", observed.Io, "By", "Bytes delivered, counted while connections run.");
        new ObservedBandwidth(model).AddTo(_meter);
        new ObservedOffload(model.Offload).AddTo(_meter);
        new ObservedReloads(reloads).AddTo(_meter);
        new ObservedHealth(model).AddTo(_meter);
        new ObservedDiscovery(model).AddTo(_meter);
        _reactors = new ObservedReactors(model);
        _reactors.AddTo(_meter);
    }

    /// <summary>The meter itself, for those who tell one daemon's instruments from another's in the same process.</summary>
    public Meter Meter => _meter;

    /// <summary>The instruments a listener's connections record to, tags built in advance.</summary>
    public ListenerMetrics For(ListenerState listener) => new(listener, _duration, _rejected, _wouldReject, _acceptErrors);

    /// <summary>The instrument an endpoint's attempts record to, tags built in advance.</summary>
    public EndpointMetrics For(ClusterState cluster, EndpointState endpoint) => new(cluster, endpoint, _connect, _checks);

    /// <summary>The instrument that those record to who have waited in a cluster's queue.</summary>
    public QueueMetrics WaitsFor(ClusterState cluster) => new(cluster, _queueWait);

    /// <summary>From now on these reactors are looked at. Once.</summary>
    public void Observe(IReadOnlyList<Reactor> reactors) => _reactors.Reactors = reactors;

    public void Dispose() => _meter.Dispose();
}
