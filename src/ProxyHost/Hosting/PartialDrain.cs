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
    private readonly List<PartialClosing> _closings = [];

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

            object[] drained = [.. listeners.Select(listener => listener.Live), .. endpoints.Select(endpoint => endpoint.Live)];
            List<ProxiedConnection> connections = [.. table.Snapshot().Where(connection => PartialClosing.IsOf(drained, connection))];
            log.DrainSet(isDraining ? "begins" : "is taken back", scope.ToString(), connections.Count);
            if (!isDraining)
            {
                _closings.ForEach(closing => closing.TakeBack(drained));
                return null;
            }

            foreach (ProxiedConnection connection in connections)
                connection.CloseBetweenMessages();
            if (closes)
                CloseLater(drained);
            return null;
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _closings.ForEach(closing => closing.Cancel());
    }

    // What is to be closed already is closed then: asking again neither puts that off nor adds to what waits.
    private void CloseLater(object[] drained)
    {
        object[] more = [.. drained.Where(one => !_closings.Exists(closing => closing.Has(one)))];
        if (more.Length > 0)
            _ = CloseLaterAsync(new PartialClosing(more));
    }

    private async Task CloseLaterAsync(PartialClosing closing)
    {
        _closings.Add(closing);
        try
        {
            await Task.Delay(model.Config.Runtime.DrainTimeout, clock, closing.Cancelled);
            ProxiedConnection[] left;
            lock (_lock)
                left = [.. table.Snapshot().Where(closing.Concerns)];
            await SpreadClosing.CloseAsync(left, clock, closing.Cancelled);
        }
        catch (OperationCanceledException)
        {
            // All of it was taken back.
        }

        lock (_lock)
            _closings.Remove(closing);
        closing.Dispose();
    }
}
