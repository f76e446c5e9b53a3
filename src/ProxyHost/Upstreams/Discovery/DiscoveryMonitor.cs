using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Discovery;

namespace Sluice.ProxyHost.Upstreams.Discovery;

/// <summary>
/// Watches the names of all clusters that discover their endpoints, those of the configuration in force. Nothing waits for it, and it
/// goes on while the daemon drains.
/// </summary>
internal sealed class DiscoveryMonitor(ProxyModel model, INameLookup lookup, TimeProvider clock, ILogger<DiscoveryMonitor> log) : IHostedService, IDisposable
{
    private const int MostLookups = 32;
    private readonly SemaphoreSlim _slots = new(MostLookups);
    private readonly DiscoveryReport _report = new(log);
    private readonly Lock _lock = new();
    private readonly Dictionary<(ClusterState Cluster, DiscoveredName Name), NameWatch> _watches = [];
    private readonly HashSet<Task> _ending = [];
    private bool _isRunning;

    /// <summary>Names that are watched.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _watches.Count;
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            _isRunning = true;
        model.Changed += Follow;
        Follow();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        model.Changed -= Follow;
        Task[] ending;
        lock (_lock)
        {
            _isRunning = false;
            ending = [.. _watches.Values.Select(watch => watch.DisposeAsync().AsTask()), .. _ending];
            _watches.Clear();
        }

        return Task.WhenAll(ending).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    // A cluster that a reload has changed is another object. Its names are the same ones, and are looked up at once by what is
    // configured now.
    private void Follow()
    {
        lock (_lock)
        {
            if (!_isRunning)
                return;
            var wanted = model.Clusters.Where(cluster => cluster.Discovery is not null)
                .SelectMany(cluster => cluster.Discovery!.Names.Select(name => (cluster, name))).ToHashSet();
            foreach (var gone in _watches.Keys.Where(key => !wanted.Contains(key)).ToArray())
            {
                _watches.Remove(gone, out NameWatch? watch);
                _ending.RemoveWhere(task => task.IsCompleted);
                _ending.Add(watch!.DisposeAsync().AsTask());
            }

            foreach ((ClusterState cluster, DiscoveredName name) in wanted.Where(key => !_watches.ContainsKey(key)))
            {
                // An answer may have come between the making of this cluster and its taking effect.
                cluster.Discovery!.Apply(cluster);
                var watch = new NameWatch(cluster, name, lookup, _slots, _report, clock);
                _watches.Add((cluster, name), watch);
                watch.Start();
            }
        }
    }
}
