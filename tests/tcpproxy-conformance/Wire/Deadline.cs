namespace TcpProxyConformance.Wire;

/// <summary>
/// Ends a case in which nothing has moved for too long, or which goes on for ten times as long. It counts the time in which this process
/// runs: one that is stopped for a while finds that no time has passed, and takes nothing for hung that has been as still as itself.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private const int Most = 10;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _done = new();
    private readonly int _patience;
    private int _left;
    private int _silences;

    public Deadline(TimeSpan time, CancellationToken stop)
    {
        _over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _left = _patience = Math.Max(1, (int)(time / Tick));
        _ = CountAsync();
    }

    /// <summary>Is cancelled when time is up.</summary>
    public CancellationToken Token => _over.Token;

    /// <summary>Something has moved: a connection has come through, or bytes, or an end. What is sent may go nowhere, and does not count.</summary>
    public void Moved() => Volatile.Write(ref _left, _patience);

    /// <summary>Nothing is meant to arrive while this goes on; its time does not count.</summary>
    public async Task<T> SilenceAsync<T>(Func<Task<T>> during)
    {
        Interlocked.Increment(ref _silences);
        try
        {
            return await during();
        }
        finally
        {
            Interlocked.Decrement(ref _silences);
        }
    }

    /// <summary>Nothing is meant to happen for so long.</summary>
    public Task StayAsync(TimeSpan time) => SilenceAsync(async () =>
    {
        await Task.Delay(time, Token);
        return true;
    });

    /// <summary>Looks every few milliseconds, for what gives no event.</summary>
    public static async Task UntilAsync(Func<bool> condition, CancellationToken deadline)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition())
            await tick.WaitForNextTickAsync(deadline);
    }

    public void Dispose() => _done.Cancel();

    private async Task CountAsync()
    {
        using var tick = new PeriodicTimer(Tick);
        try
        {
            for (int all = Most * _patience; all > 0 && Interlocked.Decrement(ref _left) >= 0;)
            {
                do
                    await tick.WaitForNextTickAsync(_done.Token);
                while (Volatile.Read(ref _silences) > 0);
                all--;
            }

            await _over.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // It was in time.
        }
    }
}
