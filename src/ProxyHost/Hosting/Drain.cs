using System.Diagnostics.CodeAnalysis;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// Lets connections finish, then closes what is left. Not all at one moment: clients that come back the instant they
/// are cut off would all reach the next proxy together.
/// </summary>
internal sealed class Drain(ConnectionTable table, ProxyModel model, TimeProvider clock, ILogger<Drain> log)
{
    private const int Steps = 50;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>How long it takes at most: what a host must allow for shutting down.</summary>
    public static TimeSpan Longest(TimeSpan drainTimeout) => drainTimeout + (Steps * Step) + Grace;

    /// <summary>Completes when no connection is left, or when none that is left can be waited for any longer.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan timeout = model.Config.Runtime.DrainTimeout;
        log.Draining(table.Count, timeout.TotalSeconds);
        if (await EmptyAsync(timeout, cancellationToken))
            return;
        log.DrainTimeout(table.Count);
        await CloseAsync(cancellationToken);
        if (!await EmptyAsync(Grace, cancellationToken))
            log.LeftBehind(table.Count);
    }

    // Looking now and then costs nothing here; being told would cost every connection something at its end.
    private async Task<bool> EmptyAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        while (table.Count > 0)
        {
            if (clock.GetElapsedTime(started) >= bound)
                return false;
            await Task.Delay(Step, clock, cancellationToken);
        }

        return true;
    }

    [SuppressMessage("Security", "CA5394", Justification = "An order that need not be secret.")]
    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        ProxiedConnection[] left = [.. table.Snapshot()];
        Random.Shared.Shuffle(left);
        for (int step = 0, closed = 0; closed < left.Length; step++)
        {
            for (long upTo = (long)left.Length * (step + 1) / Steps; closed < upTo; closed++)
                left[closed].Abort(EndReason.Drained);
            await Task.Delay(Step, clock, cancellationToken);
        }
    }
}
