
namespace Sluice.ProxyHost.Reloading;

/// <summary>Gives back now and then what only connections of earlier configurations needed, once they have ended.</summary>
internal sealed class ReplacedSweep(Reloader reloader, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await reloader.SweepAsync(stoppingToken);
    }
}
