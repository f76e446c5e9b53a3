using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Logging;

namespace Sluice.ProxyHost.Upgrades;

/// <summary>Once the daemon accepts: relieves the one before it, and is there for the one after it.</summary>
internal sealed class UpgradeService(RuntimeConfig config, StartSockets start, UpgradeServer server, ILogger<UpgradeService> log) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (EndPoint left in start.Inherited.Left)
            log.SocketLeft(left);
        await Task.Run(() => start.Predecessor?.Relieve(start.Inherited), cancellationToken);
        start.Dispose();
        if (config.UpgradeSocket is not { } socket)
            return;

        try
        {
            await server.StartAsync(socket.EndPoint, cancellationToken);
            log.UpgradeAwaited(socket.Text);
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException)
        {
            log.NoUpgradeSocket(socket.Text, error.Message);
        }
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        server.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
