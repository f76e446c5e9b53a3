using Sluice.ProxyHost.Admin.Live;
using Sluice.ProxyHost.Cli.Top;

namespace Sluice.ProxyHost.Tests.Cli.Top;

public class LiveRatesTests
{
    [Fact]
    public void Rates_are_differences_over_the_daemons_own_clock()
    {
        LiveView before = Answers.At(100, copied: 1000, accepted: 5, failed: 1, verdicts: 3, connects: [1, 0, 0, 0]);
        LiveView now = Answers.At(104, copied: 5000, accepted: 25, failed: 3, verdicts: 5, connects: [1, 8, 0, 0]);
        var rates = new LiveRates(before, now, before);
        Assert.False(rates.IsRestart);
        Assert.Equal((1000.0, 2000.0, 5.0), (rates.FromClients, rates.FromUpstreams, rates.AcceptedAll));
        Assert.Equal((0.5, 2L), (rates.AbnormalNow, rates.AbnormalInMinute));
        Assert.Equal((1000.0, 2000.0, 5.0), (rates.FromClient(now.Listeners.Items[0]), rates.FromUpstream(now.Listeners.Items[0]), rates.Accepted(now.Listeners.Items[0])));
        LiveCluster cluster = now.Clusters.Items[0];
        Assert.Equal((5.0, 0.5), (rates.Connected(cluster, cluster.Endpoints.Items[0]), rates.Failed(cluster, cluster.Endpoints.Items[0])));
        Assert.Equal(0.5, rates.Of(now.Rules.Items[0]));
        Assert.Equal(3000.0, rates.Of(now.Connections.Items[0]));
        Assert.Equal(0.0055, rates.Connects(cluster).Quantile(0.5)!.Value, 6);
        Assert.Equal(rates.Connects(cluster).Quantile(0.5), rates.ConnectsNow.Quantile(0.5));
    }

    [Fact]
    public void The_first_answer_has_none()
    {
        LiveView now = Answers.At(100, copied: 1000, accepted: 5, failed: 1);
        AreUnknown(new LiveRates(null, now, null), now);
    }

    [Theory]
    [InlineData(2, 9000)]
    [InlineData(2, 1)]
    public void Another_process_has_none_whatever_its_counters(int pid, long copied)
    {
        LiveView before = Answers.At(100, copied: 1000, accepted: 5, failed: 1), now = Answers.At(101, copied, accepted: 9, failed: 9, pid: pid);
        var rates = new LiveRates(before, now, before);
        Assert.True(rates.IsRestart);
        AreUnknown(rates, now);
    }

    [Fact]
    public void A_counter_that_went_back_has_none_and_the_others_have()
    {
        LiveView before = Answers.At(100, copied: 1000, accepted: 5, connects: [5, 5, 5, 5]), now = Answers.At(101, copied: 10, accepted: 6, connects: [9, 9, 1, 9]);
        var rates = new LiveRates(before, now, before);
        Assert.Equal((null, null, 1.0), (rates.FromClients, rates.FromUpstreams, rates.AcceptedAll));
        Assert.Null(rates.ConnectsNow.Quantile(0.5));
        Assert.Null(rates.Of(now.Connections.Items[0]));
    }

    [Fact]
    public void What_is_new_has_none_until_the_next_answer()
    {
        LiveView before = Answers.At(100, copied: 1000), now = Answers.At(101, copied: 5000, accepted: 10, failed: 5, verdicts: 8, listener: "other");
        var rates = new LiveRates(before, now, before);
        Assert.Equal((null, null), (rates.FromClients, rates.AcceptedAll));
        Assert.Equal(0, rates.AbnormalInMinute);
        Assert.Null(rates.Of(now.Rules.Items[0]));
    }

    [Fact]
    public void Answers_of_one_moment_divide_by_nothing()
    {
        LiveView before = Answers.At(100, copied: 1000), now = Answers.At(100, copied: 5000);
        Assert.Null(new LiveRates(before, now, before).FromClients);
    }

    // The page in the browser is held against the same table.
    [Theory]
    [MemberData(nameof(QuantileVectors.All), MemberType = typeof(QuantileVectors))]
    public void Quantiles_are_interpolated_within_their_bucket(double share, long[] counts, double? expected)
    {
        LiveLatency before = new(0, [0, 0, 0, 0]), now = new(0, counts);
        Assert.Equal(expected, Latencies.Between(QuantileVectors.Bounds, before, now).Quantile(share));
    }

    private static void AreUnknown(LiveRates rates, LiveView now)
    {
        Assert.Equal((null, null, null), (rates.FromClients, rates.FromUpstreams, rates.AcceptedAll));
        Assert.Equal((null, null), (rates.AbnormalNow, rates.AbnormalInMinute));
        Assert.Equal((null, null), (rates.ConnectsNow.Quantile(0.99), rates.WaitsInMinute.Quantile(0.5)));
        Assert.Equal((null, null), (rates.Of(now.Rules.Items[0]), rates.Of(now.Connections.Items[0])));
    }
}
