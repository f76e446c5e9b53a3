using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Upstreams.Builtin;

namespace Sluice.ProxyHost.Reloading;

/// <summary>
/// Goes from one snapshot of the model to the next. Whatever can fail comes first, when nothing has changed yet. One call at a time.
/// </summary>
internal sealed class ModelSwitch(
    ProxyModel model,
    ListenerSet listeners,
    ReplacedListeners replaced,
    BuiltinHost builtins,
    OffloadPreflight preflight,
    ConnectionTable table,
    LogSettings logs)
{
    /// <summary>Throws <see cref="Redirect.Transports.BindException"/> when an address cannot be listened on; then all is as it was.</summary>
    public async Task SwitchToAsync(ModelSnapshot next)
    {
        await replaced.SweepAsync();
        IReadOnlyList<BoundAddress> bound = await listeners.BindNewAsync(next, CancellationToken.None);
        try
        {
            await builtins.ServeAsync(next, CancellationToken.None);
        }
        catch
        {
            await listeners.AbandonAsync(bound);
            throw;
        }

        logs.Use(next.Config.Log);
        model.Use(next);
        await listeners.SwitchAsync(next);
        preflight.Consider();
        Demote(next);
        await replaced.SweepAsync();
    }

    /// <summary>Gives back what only connections that have ended needed of earlier snapshots.</summary>
    public Task SweepAsync() => replaced.Count == 0 ? Task.CompletedTask : replaced.SweepAsync();

    // What the kernel carries goes by what was in force when it was given to it.
    private void Demote(ModelSnapshot next)
    {
        foreach (ProxiedConnection connection in table.Snapshot())
        {
            if (!MayStayInKernel(connection.Cluster, next))
                connection.Demote();
        }
    }

    private static bool MayStayInKernel(ListenerCluster then, ModelSnapshot next) =>
        next.Listeners.FirstOrDefault(other => other.Live == then.Listener.Live) is { } listener
        && listener.Clusters.FirstOrDefault(other => other.Cluster.Config.Name == then.Cluster.Config.Name) is { } now
        && now.OffloadChoice == then.OffloadChoice && listener.Programs.SequenceEqual(then.Listener.Programs);
}
