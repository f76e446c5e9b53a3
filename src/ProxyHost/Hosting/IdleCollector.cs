using Sluice.ProxyHost.Connections;
using Sluice.Redirect.Linux;

namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// Gives the garbage of a burst back to the system once the burst is over. The collector itself has no reason to: a proxy
/// whose connections are quiet allocates nothing, so it would keep what it has for ever.
/// </summary>
internal sealed class IdleCollector(ConnectionTable table, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Collects everything and returns the memory, that of code which ran before the quiet included. Stops every thread for some
    /// milliseconds.
    /// </summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        LoadedImage.GiveBack();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var gauge = new GarbageGauge(GC.GetTotalAllocatedBytes(), table.Ended);
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (gauge.ShouldCollect(GC.GetTotalAllocatedBytes(), table.Ended))
                GiveBack();
        }
    }
}
