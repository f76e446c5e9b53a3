using Sluice.ProxyHost.Hosting;

namespace Sluice.ProxyHost.Tests.Hosting;

public class GarbageGaugeTests
{
    private const long MiB = 1024 * 1024;
    private readonly GarbageGauge _gauge = new(50 * MiB, 0);

    [Fact]
    public void A_burst_is_collected_once_and_only_when_it_is_over()
    {
        Assert.False(_gauge.ShouldCollect(60 * MiB, 0));
        Assert.False(_gauge.ShouldCollect(70 * MiB, 0));
        Assert.True(_gauge.ShouldCollect(70 * MiB, 0));
        Assert.False(_gauge.ShouldCollect(70 * MiB, 0));
    }

    [Fact]
    public void Nine_thousand_connections_that_end_are_worth_collecting_though_they_allocate_nothing()
    {
        Assert.False(_gauge.ShouldCollect(50 * MiB, 9_000));
        Assert.True(_gauge.ShouldCollect(50 * MiB, 9_000));
        Assert.False(_gauge.ShouldCollect(50 * MiB, 9_000));
    }

    [Fact]
    public void A_little_at_a_time_adds_up()
    {
        long allocated = 50 * MiB;
        int intervals = 0;
        do
            intervals++;
        while (!_gauge.ShouldCollect(allocated += 128 * 1024, 0));
        Assert.Equal(64, intervals);
    }

    [Fact]
    public void A_daemon_that_is_never_quiet_is_left_to_the_collector_itself()
    {
        for (int i = 1; i < 1_000; i++)
            Assert.False(_gauge.ShouldCollect((50 + i) * MiB, i * 100));
    }
}
