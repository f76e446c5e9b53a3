using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Upstreams.Health;

public class OutlierDetectorTests
{
    private const int Timeout = 60_000;
    private static readonly OutlierDetectionConfig Usual = OutlierDetectionConfig.Default;
    private readonly SkippingClock _clock = new() { Skips = false };

    [Fact(Timeout = Timeout)]
    public async Task Failures_in_a_row_take_it_out_and_a_success_in_between_begins_anew()
    {
        ClusterState cluster = Cluster(Usual with { ConsecutiveFailures = 3, MinimumVolume = 1000 });
        Task<HealthChange> change = NextAsync(cluster);
        Fail(cluster, 2);
        cluster.Endpoints[0].Outliers!.Succeeded();
        Fail(cluster, 2);
        Assert.False(change.IsCompleted);
        Fail(cluster, 1);
        Assert.Equal("3 attempts to connect in a row failed, the last with ECONNREFUSED; it is out for 30 s", (await change).Cause);
        Assert.False(cluster.Endpoints[0].Health.IsHealthy);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_share_of_a_windows_attempts_takes_it_out_once_there_are_enough()
    {
        ClusterState cluster = Cluster(Usual with { ConsecutiveFailures = 100, FailureRate = 50, MinimumVolume = 10, Window = TimeSpan.FromSeconds(30) });
        Task<HealthChange> change = NextAsync(cluster);
        Fail(cluster, 9);
        _clock.Advance(TimeSpan.FromSeconds(31)); // another window
        for (int i = 0; i < 5; i++)
            cluster.Endpoints[0].Outliers!.Succeeded();
        Fail(cluster, 4);
        Assert.False(change.IsCompleted);
        Fail(cluster, 1);
        Assert.StartsWith("5 of 10 attempts to connect failed", (await change).Cause, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Each_ejection_lasts_twice_as_long_up_to_a_bound_and_after_good_times_the_first_again()
    {
        ClusterState cluster = Cluster(Usual with { ConsecutiveFailures = 1, EjectionTime = TimeSpan.FromSeconds(30), MaxEjectionTime = TimeSpan.FromSeconds(100) });
        _clock.Skips = true; // it comes back as soon as it is out
        for (int i = 0; i < 4; i++)
            await OutAndBackAsync(cluster);
        _clock.Advance(TimeSpan.FromSeconds(100));
        await OutAndBackAsync(cluster);
        Assert.Equal([30, 60, 100, 100, 30], _clock.Waits.Select(wait => wait.TotalSeconds));
        Assert.Equal(5, cluster.Endpoints[0].Outliers!.Ejections);
    }

    [Theory]
    [InlineData(10, 10, 1)]
    [InlineData(10, 34, 3)]
    [InlineData(3, 1, 1)]
    [InlineData(4, 100, 4)]
    public void Only_a_share_of_the_endpoints_is_out_at_a_time_and_one_always_may_be(int endpoints, int percent, int most)
    {
        ClusterState cluster = Cluster(Usual, endpoints);
        Assert.Equal(most, cluster.Endpoints.Count(endpoint => cluster.TryEject(endpoint, percent, "a test", Errno.None)));
        Assert.Equal(endpoints - most, cluster.Endpoints.Count(endpoint => endpoint.Health.IsHealthy));
        Assert.False(cluster.TryEject(cluster.Endpoints[0], 100, "a test", Errno.None)); // out already
    }

    private static async Task OutAndBackAsync(ClusterState cluster)
    {
        Task<HealthChange> back = NextAsync(cluster, isHealthy: true);
        Fail(cluster, 1);
        Assert.Equal("its ejection is over", (await back).Cause);
    }

    private static void Fail(ClusterState cluster, int times)
    {
        for (int i = 0; i < times; i++)
            cluster.Endpoints[0].Outliers!.Failed("ECONNREFUSED", Errno.ECONNREFUSED);
    }

    private static Task<HealthChange> NextAsync(ClusterState cluster, bool isHealthy = false)
    {
        var next = new TaskCompletionSource<HealthChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.HealthChanged += (_, change) =>
        {
            if (change.IsHealthy == isHealthy)
                next.TrySetResult(change);
        };
        return next.Task;
    }

    private ClusterState Cluster(OutlierDetectionConfig config, int endpoints = 2) =>
        new(Configs.Cluster(endpoints: [.. Enumerable.Range(1, endpoints).Select(Configs.Ip)]) with { OutlierDetection = config }, _clock);
}
