namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>A clock that stands still until it is told otherwise. Its timers are the system's.</summary>
internal sealed class ManualClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);
    private TimeSpan _set;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now + _set;

    public override long GetTimestamp() => _now.UtcTicks;

    /// <summary>Sets it, as an administrator or NTP would: no time passes.</summary>
    public void Step(TimeSpan by) => _set += by;

    public void Advance(TimeSpan time) => _now += time;
}
