using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Hosting;

/// <summary>Lets connections finish, those with framed programs between two messages, then closes what is left.</summary>
internal sealed class Drain(ConnectionTable table, ProxyModel model, TimeProvider clock, ILogger<Drain> log)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>How long it takes at most: what a host must allow for shutting down.</summary>
    public static TimeSpan Longest(TimeSpan drainTimeout) => drainTimeout + SpreadClosing.Takes + Grace;

    /// <summary>Completes when no connection is left, or when none that is left can be waited for any longer.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan timeout = model.Config.Runtime.DrainTimeout;
        log.Draining(table.Count, timeout.TotalSeconds);
        foreach (ProxiedConnection connection in table.Snapshot())
            connection.CloseBetweenMessages();
        if (await EmptyAsync(timeout, cancellationToken))
            return;
        log.DrainTimeout(table.Count);
        await SpreadClosing.CloseAsync(table.Snapshot(), clock, cancellationToken);
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
}
