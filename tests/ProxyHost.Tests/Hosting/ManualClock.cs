namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>A clock that stands still until it is told otherwise. Its timers are the system's.</summary>
internal sealed class ManualClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public void Advance(TimeSpan time) => _now += time;
}
