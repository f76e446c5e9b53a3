using System.Diagnostics;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// Writes a record of each connection that has been open for an interval, once in each. They take turns by their numbers, so that
/// thousands do not all write at once. Nothing runs where no interval is configured.
/// </summary>
internal sealed class AccessIntervals(AccessLog access, LogSettings settings, ConnectionTable table, TimeProvider clock) : BackgroundService
{
    private const int MostTurns = 60;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            // Before the interval is looked at: one that changes afterwards ends what begins with it.
            using IDisposable change = settings.GetChangeToken().RegisterChangeCallback(static end => ((CancellationTokenSource)end!).Cancel(), end);
            try
            {
                await WriteAsync(access.Interval, end.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // There is another interval, or the daemon stops.
            }
        }
    }

    private async Task WriteAsync(TimeSpan interval, CancellationToken end)
    {
        if (interval == TimeSpan.Zero)
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, end);

        // No turn is shorter than a second but where the interval itself is.
        long turns = Math.Clamp((long)interval.TotalSeconds, 1, MostTurns);
        using var tick = new PeriodicTimer(interval / turns, clock);
        for (long turn = 0; await tick.WaitForNextTickAsync(end); turn++)
        {
            foreach (ProxiedConnection connection in table.Snapshot())
            {
                if (connection.Id % turns == turn % turns && connection.IsJoined && Stopwatch.GetElapsedTime(connection.AcceptedAt) >= interval)
                    access.WriteInterval(connection);
            }
        }
    }
}
