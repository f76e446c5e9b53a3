namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>A clock on which nothing that waits comes to its end before <see cref="Release"/>, and everything at once from then on. Safe from any thread.</summary>
internal sealed class HeldClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _held = [];
    private bool _isReleased;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (_lock)
        {
            if (_isReleased)
                timer.Fire();
            else
                _held.Add(timer);
        }

        return timer;
    }

    /// <summary>Lets everything that was waited for happen.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _isReleased = true;
            _held.ForEach(timer => timer.Fire());
            _held.Clear();
        }
    }

    private sealed class Timer(HeldClock clock, Action callback) : ITimer
    {
        public void Fire() => ThreadPool.QueueUserWorkItem(_ => callback());

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (clock._lock)
                clock._held.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
