namespace Sluice.Functional.Wire;

/// <summary>The time after which anything that a test waits for has hung.</summary>
internal static class Deadline
{
    private static readonly TimeSpan One = TimeSpan.FromSeconds(30);

    /// <summary>Ends with the test's time-out or its cancellation.</summary>
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The task's result, or a failure that says what was waited for.</summary>
    public static async Task<T> OrHung<T>(this Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(One, Token);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {One.TotalSeconds} s for {what}.");
        }
    }

    /// <inheritdoc cref="OrHung{T}(Task{T}, string)"/>
    public static Task OrHung(this Task task, string what) => Value(task).OrHung(what);

    /// <summary>Looks every few milliseconds, for what gives no event; fails when it stays false.</summary>
    public static async Task UntilAsync(Func<bool> condition, Func<string> what)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        long end = Environment.TickCount64 + (long)One.TotalMilliseconds;
        while (!condition())
        {
            if (Environment.TickCount64 > end)
                throw new TimeoutException($"Waited {One.TotalSeconds} s for {what()}.");
            await tick.WaitForNextTickAsync(Token);
        }
    }

    private static async Task<bool> Value(Task task)
    {
        await task;
        return true;
    }
}
