using System.Runtime.InteropServices;

namespace Sluice.ProxyHost.Reloading;

/// <summary>What makes a running daemon read its configuration again besides the admin endpoint: SIGHUP.</summary>
internal sealed class ReloadTriggers(Reloader reloader) : IHostedService
{
    private PosixSignalRegistration? _hangUp;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _ = reloader.ReloadAsync("signal", CancellationToken.None);
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _hangUp?.Dispose();
        return Task.CompletedTask;
    }
}
