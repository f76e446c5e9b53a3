using Sluice.ProxyHost.Hosting;

namespace Sluice.ProxyHost.Reloading;

/// <summary>What makes a running daemon read its configuration again besides the admin endpoint: SIGHUP.</summary>
/// <param name="reloader">Does it.</param>
/// <param name="signals">Null where the process is not the daemon's alone.</param>
internal sealed class ReloadTriggers(Reloader reloader, SignalWatch? signals = null) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        signals?.OnHangUp(() => _ = reloader.ReloadAsync("signal", CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        signals?.OnHangUp(null);
        return Task.CompletedTask;
    }
}
