using System.Diagnostics;
using Sluice.ProxyHost.Connections;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// Writes a record of each connection that has been open for an interval, once in each. They take turns by their numbers, so that
/// thousands do not all write at once. Nothing runs where no interval is configured.
/// </summary>
internal sealed class AccessIntervals(AccessLog access, ConnectionTable table, TimeProvider clock) : BackgroundService
{
    private const int MostTurns = 60;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan interval = access.Interval;
        if (interval == TimeSpan.Zero)
            return;
        // No turn is shorter than a second but where the interval itself is.
        long turns = Math.Clamp((long)interval.TotalSeconds, 1, MostTurns);
        using var tick = new PeriodicTimer(interval / turns, clock);
        try
        {
            for (long turn = 0; await tick.WaitForNextTickAsync(stoppingToken); turn++)
            {
                foreach (ProxiedConnection connection in table.Snapshot())
                {
                    if (connection.Id % turns == turn % turns && connection.IsJoined && Stopwatch.GetElapsedTime(connection.AcceptedAt) >= interval)
                        access.WriteInterval(connection);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }
}
