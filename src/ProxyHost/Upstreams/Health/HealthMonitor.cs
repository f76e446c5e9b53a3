using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Upstreams.Health;

/// <summary>
/// Probes the endpoints of all clusters that are configured to be, tells of every change of health in the log, and closes
/// connections to endpoints that became unhealthy where that is wanted. Its probes go on while the daemon drains.
/// </summary>
internal sealed class HealthMonitor(
    ProxyModel model, ConnectionTable table, ProxyMetrics metrics, TimeProvider clock, ILogger<HealthMonitor> log) : IHostedLifecycleService, IDisposable
{
    private const int MostProbes = 256;
    private readonly SemaphoreSlim _slots = new(MostProbes);
    private readonly LogGate _gate = new(perSecond: 5);
    private readonly Lock _lock = new();
    private readonly Dictionary<EndpointState, EndpointChecker> _checkers = [];
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<ClusterState, object> _heard = [];
    private bool _isRunning;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Listen();
        model.Changed += OnModel;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            _isRunning = true;
        Follow();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        model.Changed -= OnModel;
        EndpointChecker[] checkers;
        lock (_lock)
        {
            _isRunning = false;
            checkers = [.. _checkers.Values];
            _checkers.Clear();
        }

        return Task.WhenAll(checkers.Select(checker => checker.DisposeAsync().AsTask())).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _slots.Dispose();

    private void OnModel()
    {
        Listen();
        Follow();
    }

    // To each cluster once, for as long as it is there: a cluster that nobody has any more takes this along.
    private void Listen()
    {
        foreach (ClusterState cluster in model.Clusters.Where(cluster => _heard.TryAdd(cluster, cluster.Config)))
        {
            cluster.HealthChanged += (endpoint, change) => OnHealth(cluster, endpoint, change);
            cluster.PanicChanged += isPanic => OnPanic(cluster, isPanic);
            cluster.EndpointsChanged += Follow;
        }
    }

    // Probes what is there now, and nothing that no longer is.
    private void Follow()
    {
        lock (_lock)
        {
            if (!_isRunning)
                return;
            Dictionary<EndpointState, ClusterState> wanted = [];
            foreach (ClusterState cluster in model.Clusters.Where(cluster => cluster.Config.HealthCheck is not null))
            {
                foreach (EndpointState endpoint in cluster.Endpoints)
                    wanted[endpoint] = cluster;
            }

            foreach (EndpointState gone in _checkers.Keys.Where(endpoint => !wanted.ContainsKey(endpoint)).ToArray())
            {
                _checkers.Remove(gone, out EndpointChecker? checker);
                _ = checker!.DisposeAsync().AsTask();
            }

            foreach ((EndpointState endpoint, ClusterState cluster) in wanted.Where(one => !_checkers.ContainsKey(one.Key)))
            {
                EndpointMetrics recorded = endpoint.Metrics ??= metrics.For(cluster, endpoint);
                var checker = new EndpointChecker(cluster, endpoint, _slots, result => recorded.Checked(result.ErrorType), clock);
                _checkers.Add(endpoint, checker);
                checker.Start();
            }
        }
    }

    private void OnHealth(ClusterState cluster, EndpointState endpoint, HealthChange change)
    {
        (string name, string text) = (cluster.Config.Name, endpoint.Config.Text);
        if (_gate.TryPass(out string note))
        {
            if (change.IsHealthy)
                log.EndpointHealthy(name, text, change.Cause, note);
            else
                log.EndpointUnhealthy(name, text, change.Cause, Advice(cluster, change), note);
        }

        if (change.IsHealthy || !cluster.Config.CloseConnectionsOnUnhealthy)
            return;
        foreach (ProxiedConnection connection in table.Snapshot())
        {
            if (connection.IsConnectedTo(endpoint.Live))
                connection.Abort(EndReason.EndpointUnhealthy);
        }
    }

    private void OnPanic(ClusterState cluster, bool isPanic)
    {
        if (!_gate.TryPass(out string note))
            return;
        if (isPanic)
            log.PanicBegan(cluster.Config.Name, cluster.Endpoints.Count(endpoint => endpoint.Health.IsHealthy), cluster.Endpoints.Length, note);
        else
            log.PanicEnded(cluster.Config.Name, note);
    }

    private static string Advice(ClusterState cluster, HealthChange change) => change.Errno switch
    {
        Errno.ECONNREFUSED => "nothing listens there: is the service running?",
        Errno.ETIMEDOUT => "is the host up, does a firewall drop the packets, is the service stuck?",
        Errno.EHOSTUNREACH or Errno.ENETUNREACH => "there is no way there: look at routes and at the host",
        Errno.ECONNRESET => "the service or something before it resets connections: look at its log and its limits",
        Errno.None when cluster.Config.HealthCheck?.Type == HealthCheckType.Tls => "does it speak TLS on this port?",
        Errno.None when cluster.Config.HealthCheck?.Type == HealthCheckType.SendExpect => "compare `expect` with what the service answers",
        _ => "look at the service and the network on the way",
    };
}
