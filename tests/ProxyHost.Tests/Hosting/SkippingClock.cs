namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>A clock on which waiting takes no time: it jumps ahead and remembers how far. Or waits never end.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private long _now = 1;

    /// <summary>What was waited for, in order.</summary>
    public List<TimeSpan> Waits { get; } = [];

    /// <summary>Called when something begins to wait.</summary>
    public Action? OnWait { get; set; }

    /// <summary>Whether waits come to an end.</summary>
    public bool Skips { get; set; } = true;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public void Advance(TimeSpan time) => _now += time.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Add(dueTime);
        if (Skips)
        {
            Advance(dueTime);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        OnWait?.Invoke();
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
