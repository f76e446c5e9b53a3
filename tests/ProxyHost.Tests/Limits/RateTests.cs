using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Limits;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Limits;

public sealed class RateTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void A_burst_at_once_then_one_each_interval()
    {
        var bucket = new TokenBucket(new RateConfig(10, TimeSpan.FromSeconds(1), 3, false), Second);
        long state = 0;
        long now = 5 * Second;
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(ref state, now)));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => bucket.TryTake(ref state, now + (Second / 10))));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(ref state, now + Second)));
    }

    [Fact]
    public void However_many_threads_take_no_more_are_taken_than_there_are()
    {
        var bucket = new TokenBucket(new RateConfig(1000, TimeSpan.FromDays(1), 0, false), Second);
        long state = 0;
        int taken = 0;
        Parallel.For(0, 4000, _ =>
        {
            if (bucket.TryTake(ref state, Second))
                Interlocked.Increment(ref taken);
        });
        Assert.Equal(1000, taken);
    }

    [Fact]
    public void The_largest_burst_of_the_longest_time_is_no_overflow()
    {
        var bucket = new TokenBucket(new RateConfig(1, TimeSpan.FromDays(1), 10_000_000, false), Second);
        long state = 0;
        Assert.True(bucket.TryTake(ref state, long.MaxValue / 2));
        Assert.True(bucket.TryTake(ref state, long.MaxValue / 2));
    }

    [Fact]
    public void A_source_has_its_own_places_and_tokens_and_gets_places_back()
    {
        var table = new SourceTable(64);
        var limits = new SourceLimits(new PerSourceConfig(32, 64, 64, 2, null, false), Second);
        int first = table.Enter(1, limits, 0, out _);
        table.Enter(1, limits, 0, out _);
        Assert.Equal(-1, table.Enter(1, limits, 0, out SourceVerdict over));
        Assert.Equal(new SourceVerdict(EndReason.SourceLimit, false), over);
        Assert.True(table.Enter(2, limits, 0, out _) >= 0);
        table.Leave(first);
        Assert.True(table.Enter(1, limits, 0, out _) >= 0);
    }

    [Fact]
    public void A_dry_run_counts_what_it_lets_in()
    {
        var table = new SourceTable(64);
        var limits = new SourceLimits(new PerSourceConfig(32, 64, 64, 1, null, true), Second);
        table.Enter(1, limits, 0, out SourceVerdict within);
        int second = table.Enter(1, limits, 0, out SourceVerdict over);
        Assert.Equal((default, new SourceVerdict(EndReason.SourceLimit, true), true), (within, over, second >= 0));
    }

    [Fact]
    public void More_sources_than_places_are_let_in_untracked_while_all_are_connected_and_forget_the_unconnected()
    {
        var table = new SourceTable(8);
        var limits = new SourceLimits(new PerSourceConfig(32, 64, 8, 1, new RateConfig(1, TimeSpan.FromSeconds(1), 1, false), false), Second);
        int[] places = [.. Enumerable.Range(1, 8).Select(source => table.Enter((UInt128)source, limits, source, out _))];
        Assert.Equal(8, places.Distinct().Count());
        Assert.Equal(-1, table.Enter(9, limits, 9, out SourceVerdict verdict));
        Assert.Equal((default, 1L), (verdict, table.Untracked));

        table.Leave(places[3]);
        table.Leave(places[5]);
        Assert.Equal(places[3], table.Enter(9, limits, 9, out _));
        // The sixth is remembered still: its token is used up.
        Assert.Equal(-1, table.Enter(6, limits, 9, out verdict));
        Assert.Equal(EndReason.SourceRate, verdict.Reason);
    }

    [Fact]
    public void Judging_allocates_nothing()
    {
        var table = new SourceTable(1024);
        var limits = new SourceLimits(new PerSourceConfig(32, 64, 1024, 5, new RateConfig(1000, TimeSpan.FromSeconds(1), 0, false), false), Second);
        Come(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < 10_000; i++)
            Come(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Come(int i)
        {
            int place = table.Enter((UInt128)i, limits, i, out _);
            if (place >= 0)
                table.Leave(place);
        }
    }

    [Theory]
    [InlineData("192.0.2.77", 24, 64, "192.0.2.0")]
    [InlineData("192.0.2.77", 32, 0, "192.0.2.77")]
    [InlineData("2001:db8:1:2:3:4:5:6", 8, 64, "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2:3:4:5:6", 8, 0, "::")]
    public void Addresses_of_one_prefix_are_one_source(string address, int v4, int v6, string source)
    {
        Assert.True(Redirect.Transports.RemoteAddress.TryGet(new System.Net.IPEndPoint(System.Net.IPAddress.Parse(address), 0), out UInt128 number));
        Assert.True(Redirect.Transports.RemoteAddress.TryGet(new System.Net.IPEndPoint(System.Net.IPAddress.Parse(source), 0), out UInt128 expected));
        Assert.Equal(expected, new SourcePrefix(v4, v6).Of(number));
    }
}
