using BenchmarkDotNet.Attributes;
using Sluice.Redirect.Reactors;

namespace Sluice.Micro;

/// <summary>
/// What a reactor's timers cost, with as many set as it has connections. Each connection has an idle timer that is moved
/// while bytes flow and now and then fires.
/// </summary>
[MemoryDiagnoser]
public class TimerWheelBenchmark
{
    private const int Moves = 1000;
    private const int IdleMs = 60_000;
    private ReactorTimer[] _timers = [];
    private TimerWheel _wheel = new(0);
    private long _now;
    private int _next;

    [Params(100, 10_000)]
    public int Timers { get; set; }

    [GlobalSetup]
    public void SetTimers()
    {
        _now = 0;
        _wheel = new TimerWheel(_now);
        _timers = [.. Enumerable.Range(0, Timers).Select(_ => new Rearm(this))];
        // Spread over the idle time, as connections that began at different moments are.
        for (int i = 0; i < _timers.Length; i++)
            _wheel.Set(_timers[i], 1 + ((long)i * IdleMs / _timers.Length));
    }

    /// <summary>Moves one timer to a full idle time from now.</summary>
    [Benchmark(OperationsPerInvoke = Moves)]
    public void Move()
    {
        for (int i = 0; i < Moves; i++)
        {
            _next = (_next + 1) % _timers.Length;
            _wheel.Set(_timers[_next], _now + IdleMs);
        }
    }

    /// <summary>Lets one idle time pass, millisecond by millisecond; in it every timer fires once and is set again.</summary>
    [Benchmark(OperationsPerInvoke = IdleMs)]
    public void PassOneMillisecond()
    {
        for (int i = 0; i < IdleMs; i++)
            _wheel.AdvanceTo(++_now);
    }

    private sealed class Rearm(TimerWheelBenchmark owner) : ReactorTimer
    {
        internal override void OnTimer() => owner._wheel.Set(this, owner._now + IdleMs);
    }
}
