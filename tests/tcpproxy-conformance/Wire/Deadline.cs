namespace TcpProxyConformance.Wire;

/// <summary>
/// Ends what takes too long. It counts the time in which this process runs: one that is stopped for a while finds that no time has
/// passed, and takes nothing for hung that has been as still as itself.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _done = new();

    public Deadline(TimeSpan time, CancellationToken stop)
    {
        _over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _ = CountAsync(Math.Max(1, (int)(time / Tick)));
    }

    /// <summary>Is cancelled when time is up.</summary>
    public CancellationToken Token => _over.Token;

    /// <summary>Looks every few milliseconds, for what gives no event.</summary>
    public static async Task UntilAsync(Func<bool> condition, CancellationToken deadline)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition())
            await tick.WaitForNextTickAsync(deadline);
    }

    public void Dispose() => _done.Cancel();

    private async Task CountAsync(int ticks)
    {
        using var tick = new PeriodicTimer(Tick);
        try
        {
            while (ticks-- > 0)
                await tick.WaitForNextTickAsync(_done.Token);
            await _over.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // It was in time.
        }
    }
}
