using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Model;

public class MembershipTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void The_lowest_priority_with_a_healthy_endpoint_takes_connections_and_takes_them_back()
    {
        ClusterState cluster = Cluster([0, 0, 1, 2]);
        Assert.Equal("1 2 then 3 4", Text(cluster));
        Down(cluster, 1);
        Assert.Equal("2 then 3 4", Text(cluster));
        Down(cluster, 2);
        Assert.Equal("3 then 4", Text(cluster));
        Down(cluster, 3);
        Assert.Equal("4 then ", Text(cluster));
        Up(cluster, 2);
        Assert.Equal("2 then 4", Text(cluster));
        Up(cluster, 1);
        Up(cluster, 3);
        Assert.Equal("1 2 then 3 4", Text(cluster));
    }

    [Fact]
    public void With_none_healthy_the_first_priority_is_used_whole()
    {
        ClusterState cluster = Cluster([0, 0, 1]);
        var panics = new List<bool>();
        cluster.PanicChanged += panics.Add;
        Down(cluster, 1);
        Down(cluster, 2);
        Assert.False(cluster.Membership.IsPanic);
        Down(cluster, 3);
        Assert.Equal("panic 1 2 then ", Text(cluster));
        Up(cluster, 3);
        Assert.Equal("3 then ", Text(cluster));
        Assert.Equal([true, false], panics);
    }

    [Theory]
    [InlineData(50, "3 4 5 then 2")] // one of two primaries is exactly half, the second one less
    [InlineData(51, "3 4 5 then 2")]
    public void A_priority_below_the_threshold_is_left_although_it_has_a_healthy_one(int threshold, string expected)
    {
        ClusterState cluster = Cluster([0, 0, 1, 1, 1], threshold);
        Down(cluster, 1);
        Assert.Equal(threshold == 50 ? "2 then 3 4 5" : expected, Text(cluster));
    }

    [Fact]
    public void When_all_are_below_the_threshold_the_best_one_is_used_whole()
    {
        ClusterState cluster = Cluster([0, 0, 0, 1, 1, 1], threshold: 90);
        Down(cluster, 1);
        Down(cluster, 2);
        Down(cluster, 4);
        Assert.Equal("panic 4 5 6 then 3", Text(cluster));
    }

    [Fact]
    public void It_takes_all_sources_to_call_an_endpoint_healthy()
    {
        ClusterState cluster = Cluster([0, 0]);
        Down(cluster, 1);
        Assert.True(cluster.TryEject(cluster.Endpoints[0], 100, "a test", Redirect.Errno.None));
        Up(cluster, 1);
        Assert.Equal("2 then ", Text(cluster));
        cluster.Mark(cluster.Endpoints[0], HealthSource.Outlier, isGood: true, "a test");
        Assert.Equal("1 2 then ", Text(cluster));
    }

    [Fact]
    public void A_slow_start_grows_a_weight_from_a_tenth_to_all_of_it()
    {
        ClusterState cluster = Cluster([0, 0], slowStart: TimeSpan.FromHours(1));
        Assert.Equal([1, 1], cluster.Membership.Weights.Weights);
        Down(cluster, 1);
        Up(cluster, 1);
        List<int> grown = [];
        for (int minute = 0; minute <= 60; minute += 15)
        {
            cluster.Rebuild();
            grown.Add(cluster.Membership.Weights.Weights[0]);
            _clock.Advance(TimeSpan.FromMinutes(15));
        }

        Assert.Equal([10, 25, 50, 75, 1], grown);
        Assert.Equal([1, 1], cluster.Membership.Weights.Weights);
    }

    [Fact]
    public void Other_endpoints_take_the_place_of_those_that_are_gone_and_keep_what_is_known_of_the_rest()
    {
        ClusterState cluster = Cluster([0, 0]);
        Down(cluster, 2);
        EndpointState[] before = cluster.Endpoints;
        cluster.Replace([before[1], new EndpointState(Configs.Ip(7))]);
        Assert.Equal("7 then ", Text(cluster));
        Assert.False(before[0].IsEligible);
        Up(cluster, 2);
        Assert.Equal("2 7 then ", Text(cluster));
    }

    [Fact]
    public void A_full_endpoint_is_passed_over_and_a_limit_leaves_no_priority()
    {
        var cluster = new ClusterState(Configs.Cluster(endpoints:
            [Configs.Ip(1) with { MaxConnections = 1 }, Configs.Ip(2) with { MaxConnections = 1 }, Configs.Ip(3) with { Priority = 1 }]), _clock);
        Assert.Equal([1, 2, 0], Enumerable.Range(0, 3).Select(_ =>
        {
            int attempt = 0;
            return Port(cluster.Membership.TryTake(0, ref attempt));
        }));
        cluster.Endpoints[1].Failed();
        int next = 0;
        Assert.Equal(2, Port(cluster.Membership.TryTake(0, ref next)));
        next = 1;
        Assert.Equal(3, Port(cluster.Membership.TryTake(0, ref next)));
    }

    private static int Port(EndpointState? endpoint) => (endpoint?.Config.Address as System.Net.IPEndPoint)?.Port ?? 0;

    private static void Down(ClusterState cluster, int port) => cluster.Mark(cluster.Endpoints.First(e => Port(e) == port), HealthSource.Check, isGood: false, "a test");

    private static void Up(ClusterState cluster, int port) => cluster.Mark(cluster.Endpoints.First(e => Port(e) == port), HealthSource.Check, isGood: true, "a test");

    private static string Text(ClusterState cluster) =>
        $"{(cluster.Membership.IsPanic ? "panic " : "")}{string.Join(' ', cluster.Membership.Endpoints.Select(Port))} then {string.Join(' ', cluster.Membership.Spares.Select(Port))}";

    private ClusterState Cluster(int[] priorities, int threshold = 0, TimeSpan slowStart = default) => new(
        Configs.Cluster(endpoints: [.. priorities.Select((priority, i) => Configs.Ip(i + 1) with { Priority = priority })])
            with { PanicThreshold = threshold, SlowStart = slowStart },
        _clock);
}
