using CsCheck;
using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Tests.Reactors;

public sealed class TimerWheelTests
{
    private const long Start = 123_456_789;

    [Fact]
    public void Fires_what_a_sorted_list_would_fire()
    {
        Gen<long> delay = Gen.OneOf(Gen.Long[0, 70], Gen.Long[0, 5_000], Gen.Long[0, 90_000_000]);
        Gen<Step> step = Gen.Select(Gen.Int[0, 19], Gen.Int[0, 4], delay, (timer, kind, ms) => new Step(timer, kind, ms));

        step.Array[1, 60].Sample(steps =>
        {
            var fired = new List<(int, long)>();
            var wheel = new TimerWheel(Start);
            ReactorTimer[] timers = [.. Enumerable.Range(0, 20).Select(i => new Recorder(i, fired))];
            var model = new SortedSet<(long Due, int Timer)>();
            long now = Start;

            foreach (Step s in steps)
            {
                switch (s.Kind)
                {
                    case 0:
                        wheel.Cancel(timers[s.Timer]);
                        model.RemoveWhere(entry => entry.Timer == s.Timer);
                        break;
                    case 1 or 2:
                        wheel.Set(timers[s.Timer], now + s.Delay);
                        model.RemoveWhere(entry => entry.Timer == s.Timer);
                        model.Add((Math.Max(now + 1, now + s.Delay), s.Timer));
                        break;
                    default:
                        now += s.Delay;
                        var due = model.Where(entry => entry.Due <= now).Select(entry => (entry.Timer, entry.Due)).ToHashSet();
                        model.RemoveWhere(entry => entry.Due <= now);
                        fired.Clear();
                        wheel.AdvanceTo(now);
                        Assert.Equal(due, fired.ToHashSet());
                        Assert.Equal(due.Count, fired.Count);
                        Assert.Equal(fired.Select(f => f.Item2).Order(), fired.Select(f => f.Item2));
                        break;
                }

                Assert.Equal(model.Count, wheel.Count);
                if (model.Count > 0)
                    Assert.InRange(wheel.NextEvent()!.Value, now + 1, model.Min.Due);
                else
                    Assert.Null(wheel.NextEvent());
            }
        });
    }

    [Fact]
    public void A_handler_that_throws_keeps_no_other_timer_from_firing()
    {
        var fired = new List<(int, long)>();
        var wheel = new TimerWheel(Start);
        wheel.Set(new Recorder(0, fired), Start + 5);
        wheel.Set(new Thrower(), Start + 5);
        wheel.Set(new Recorder(1, fired), Start + 6);

        Assert.Throws<InvalidOperationException>(() => wheel.AdvanceTo(Start + 10));
        wheel.AdvanceTo(Start + 10);

        Assert.Equal([(0, Start + 5), (1, Start + 6)], fired);
    }

    private sealed record Step(int Timer, int Kind, long Delay);

    private sealed class Recorder(int number, List<(int, long)> fired) : ReactorTimer
    {
        internal override void OnTimer()
        {
            Assert.False(IsSet);
            fired.Add((number, Due));
        }
    }

    private sealed class Thrower : ReactorTimer
    {
        internal override void OnTimer() => throw new InvalidOperationException();
    }
}
