using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// Takes listeners and endpoints out of use while the daemon runs, and back: no new connections, the old ones go on. Safe from
/// any thread.
/// </summary>
internal sealed class PartialDrain(ProxyModel model, ConnectionTable table, TimeProvider clock, ILogger<PartialDrain> log) : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _closing = new();

    /// <summary>Begins, or takes back; why not, in words, where there is no such thing.</summary>
    /// <param name="scope">What of.</param>
    /// <param name="isDraining">Begins.</param>
    /// <param name="closes">Whether the connections that are left after the drain timeout are closed.</param>
    public string? Set(DrainScope scope, bool isDraining, bool closes)
    {
        lock (_lock)
        {
            if (scope.Find(model.Current, out ListenerState[] listeners, out EndpointState[] endpoints) is { } missing)
                return missing;
            foreach (ListenerState listener in listeners)
                listener.Live.IsDraining = isDraining;
            foreach (EndpointState endpoint in endpoints)
                endpoint.Live.IsDraining = isDraining;
            foreach (ClusterState cluster in model.Clusters.Where(cluster => cluster.Endpoints.Any(endpoints.Contains)))
                cluster.Rebuild();

            List<ProxiedConnection> connections = [.. table.Snapshot().Where(Concerned)];
            log.DrainSet(isDraining ? "begins" : "is taken back", scope.ToString(), connections.Count);
            if (!isDraining)
            {
                _closing.Cancel();
                _closing.Dispose();
                _closing = new CancellationTokenSource();
                return null;
            }

            foreach (ProxiedConnection connection in connections)
                connection.CloseBetweenMessages();
            if (closes)
                _ = CloseLaterAsync(Concerned, _closing.Token);
            return null;

            bool Concerned(ProxiedConnection connection) =>
                listeners.Any(listener => listener.Live == connection.Listener.Live) || endpoints.Any(endpoint => endpoint.Live == connection.Endpoint?.Live);
        }
    }

    public void Dispose() => _closing.Dispose();

    private async Task CloseLaterAsync(Func<ProxiedConnection, bool> concerned, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(model.Config.Runtime.DrainTimeout, clock, cancellationToken);
            await SpreadClosing.CloseAsync(table.Snapshot().Where(concerned), clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The drain was taken back.
        }
    }
}
