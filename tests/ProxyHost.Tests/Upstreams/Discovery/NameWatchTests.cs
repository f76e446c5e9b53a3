using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Discovery;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Upstreams.Discovery;

namespace Sluice.ProxyHost.Tests.Upstreams.Discovery;

/// <summary>What a cluster makes of one answer after the other, with a look-up and a clock of the test's own.</summary>
public sealed class NameWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _clock = new();
    private readonly FakeLookup _lookup = new();
    private readonly SemaphoreSlim _slots = new(1);
    private ClusterState _cluster;
    private NameWatch _watch;

    public NameWatchTests() => (_cluster, _watch) = Watch(DiscoveryConfig.Default);

    [Fact]
    public async Task Every_address_is_an_endpoint_and_those_that_stay_are_the_same_objects()
    {
        _lookup.Say(10, "10.0.0.2:5432", "10.0.0.1:5432", "[2001:db8::1]:5432", "10.0.0.1:5432");
        await _watch.OnceAsync();
        Assert.Equal("db.example:5432/10.0.0.1 db.example:5432/10.0.0.2 db.example:5432/2001:db8::1", Text());
        Assert.Equal(3, _cluster.Membership.Endpoints.Length);
        EndpointState[] before = _cluster.Endpoints;

        _lookup.Say(10, "[2001:db8::1]:5432", "10.0.0.1:5432", "10.0.0.2:5432");
        await _watch.OnceAsync();
        Assert.Same(before, _cluster.Endpoints);

        _lookup.Say(10, "10.0.0.2:5432", "10.0.0.3:5432");
        await _watch.OnceAsync();
        Assert.Equal("db.example:5432/10.0.0.2 db.example:5432/10.0.0.3", Text());
        Assert.Same(before[1], _cluster.Endpoints[0]);
        Assert.False(before[0].IsEligible);
    }

    [Fact]
    public async Task An_endpoint_that_comes_back_counts_the_connections_it_still_has()
    {
        _lookup.Say(10, "10.0.0.1:5432", "10.0.0.2:5432");
        await _watch.OnceAsync();
        EndpointState first = _cluster.Endpoints[0];
        first.Dialling();
        first.Opened();
        _lookup.Say(10, "10.0.0.2:5432");
        await _watch.OnceAsync();
        Assert.Equal(1, first.Open);
        _lookup.Say(10, "10.0.0.1:5432", "10.0.0.2:5432");
        await _watch.OnceAsync();
        Assert.Equal((1, 1), (_cluster.Endpoints[0].Open, _cluster.Endpoints[0].InUse));
        first.Closed();
        Assert.Equal((0, 0), (_cluster.Endpoints[0].Open, _cluster.Endpoints[0].InUse));
    }

    [Theory]
    [InlineData((int)LookupFailure.Timeout)]
    [InlineData((int)LookupFailure.ServerFailure)]
    [InlineData((int)LookupFailure.NoSuchName)]
    [InlineData((int)LookupFailure.NoRecords)]
    public async Task A_failure_of_any_kind_keeps_the_last_good_answer_and_is_tried_again_ever_later(int kind)
    {
        var failure = (LookupFailure)kind;
        _lookup.Say(10, "10.0.0.1:5432");
        await _watch.OnceAsync();
        _lookup.Fail(failure);
        TimeSpan[] waits = [await _watch.OnceAsync(), await _watch.OnceAsync(), await _watch.OnceAsync(), await _watch.OnceAsync(), await _watch.OnceAsync(), await _watch.OnceAsync(), await _watch.OnceAsync()];
        Assert.All(waits.Zip([1, 2, 4, 8, 16, 30, 30]), one => Assert.InRange(one.First, one.Second * Second * 0.9, one.Second * Second));
        Assert.Equal("db.example:5432/10.0.0.1", Text());
        NameStanding standing = Name.Standing;
        Assert.Equal((7, failure, $"it is {failure}"), (standing.Failures, standing.Failure, standing.Trouble));
        Assert.Equal((1L, 7L), (Name.Lookups(LookupFailure.None), Name.Lookups(failure)));

        _lookup.Say(10, "10.0.0.2:5432");
        await _watch.OnceAsync();
        Assert.Equal(("db.example:5432/10.0.0.2", 0), (Text(), Name.Standing.Failures));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(20, 20)]
    [InlineData(86400, 300)]
    public async Task An_answer_serves_for_its_ttl_within_bounds(int ttl, int seconds)
    {
        _lookup.Say(ttl, "10.0.0.1:5432");
        Assert.InRange(await _watch.OnceAsync(), seconds * Second * 0.9, seconds * Second);
        Assert.InRange(Name.Standing.NextAt!.Value - _clock.GetUtcNow(), seconds * Second * 0.9, seconds * Second);
    }

    [Fact]
    public async Task An_interval_goes_before_the_ttl()
    {
        (_cluster, _watch) = Watch(DiscoveryConfig.Default with { Interval = 7 * Second });
        _lookup.Say(86400, "10.0.0.1:5432");
        Assert.InRange(await _watch.OnceAsync(), 6.3 * Second, 7 * Second);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_clock_that_is_set_makes_no_answer_older_or_younger(int days)
    {
        (_cluster, _watch) = Watch(DiscoveryConfig.Default with { ExpireAfter = 60 * Second });
        _lookup.Say(10, "10.0.0.1:5432");
        await _watch.OnceAsync();
        _clock.Step(TimeSpan.FromDays(days));
        _lookup.Fail(LookupFailure.Timeout);
        _clock.Advance(59 * Second);
        Assert.Equal(Second, await _watch.OnceAsync());
        Assert.Equal("db.example:5432/10.0.0.1", Text());
        _clock.Advance(Second);
        await _watch.OnceAsync();
        Assert.Equal("", Text());
    }

    [Fact]
    public async Task An_answer_that_has_expired_is_given_up_and_not_before()
    {
        (_cluster, _watch) = Watch(DiscoveryConfig.Default with { ExpireAfter = 60 * Second });
        _lookup.Say(10, "10.0.0.1:5432");
        await _watch.OnceAsync();
        _lookup.Fail(LookupFailure.Timeout);
        _clock.Advance(59 * Second);
        Assert.Equal(Second, await _watch.OnceAsync());
        Assert.Single(_cluster.Endpoints);
        _clock.Advance(Second);
        await _watch.OnceAsync();
        Assert.Empty(_cluster.Endpoints);
        Assert.Empty(_cluster.Membership.Endpoints);
    }

    [Fact]
    public async Task A_family_that_could_not_be_asked_for_keeps_what_was_known_of_it()
    {
        _lookup.Say(10, "10.0.0.1:5432", "[2001:db8::1]:5432");
        await _watch.OnceAsync();
        _lookup.Say(FakeLookup.Good(10, "10.0.0.2:5432") with { Missing = AddressFamily.InterNetworkV6 });
        await _watch.OnceAsync();
        Assert.Equal("db.example:5432/10.0.0.2 db.example:5432/2001:db8::1", Text());
    }

    [Fact]
    public async Task A_weight_or_priority_that_changes_leaves_the_connections_counted()
    {
        LookupResult answer = FakeLookup.Good(10, "10.0.0.1:5432");
        _lookup.Say(answer with { Addresses = [answer.Addresses[0] with { Weight = 3, Tier = 0 }] });
        await _watch.OnceAsync();
        _cluster.Endpoints[0].Dialling();
        _lookup.Say(answer with { Addresses = [answer.Addresses[0] with { Weight = 9, Tier = 1 }] });
        await _watch.OnceAsync();
        Assert.Equal((9, 1, 1), (_cluster.Endpoints[0].Config.Weight, _cluster.Endpoints[0].Config.Priority, _cluster.Endpoints[0].InUse));
    }

    [Fact]
    public async Task Only_who_comes_later_starts_slowly()
    {
        (_cluster, _watch) = Watch(DiscoveryConfig.Default, cluster => cluster with { SlowStart = 60 * Second });
        _lookup.Say(10, "10.0.0.1:5432");
        await _watch.OnceAsync();
        _lookup.Say(10, "10.0.0.1:5432", "10.0.0.2:5432");
        await _watch.OnceAsync();
        Assert.Equal([1, 0.1], _cluster.Endpoints.Select(_cluster.RampOf));
        _cluster.Retire();
    }

    [Fact]
    public async Task A_cluster_that_a_reload_changes_keeps_what_was_discovered()
    {
        _lookup.Say(10, "10.0.0.1:5432", "10.0.0.2:5432");
        await _watch.OnceAsync();
        var next = new ClusterState(_cluster.Config with { MaxConnections = 5 }, _clock, _cluster);
        Assert.Equal(_cluster.Endpoints.Select(endpoint => endpoint.Live), next.Endpoints.Select(endpoint => endpoint.Live));
        Assert.Same(Name, next.Discovery!.Names[0]);

        // What came between the making of a cluster and its taking effect is not lost either.
        _lookup.Say(10, "10.0.0.3:5432");
        await _watch.OnceAsync();
        Assert.Equal(2, next.Endpoints.Length);
        next.Discovery.Apply(next);
        Assert.Equal("db.example:5432/10.0.0.3", Assert.Single(next.Endpoints).Config.Text);

        var other = new ClusterState(next.Config with { Discovery = DiscoveryConfig.Default with { Type = DiscoveryType.Srv } }, _clock, next);
        Assert.Empty(other.Endpoints);
    }

    [Fact]
    public async Task A_look_up_that_meets_a_defect_is_a_failure_like_others()
    {
        (_cluster, _watch) = Watch(DiscoveryConfig.Default, lookup: new BrokenLookup());
        await _watch.OnceAsync();
        Assert.Equal((LookupFailure.Other, "a defect, FormatException: oops"), (Name.Standing.Failure, Name.Standing.Trouble));
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        _slots.Dispose();
    }

    private DiscoveredName Name => _cluster.Discovery!.Names[0];

    private string Text() => string.Join(' ', _cluster.Endpoints.Select(endpoint => endpoint.Config.Text));

    private (ClusterState Cluster, NameWatch Watch) Watch(DiscoveryConfig discovery, Func<ClusterConfig, ClusterConfig>? change = null, INameLookup? lookup = null)
    {
        ClusterConfig config = Configs.Cluster(endpoints: Configs.Name("db.example", 5432)) with { Discovery = discovery };
        var cluster = new ClusterState(change is null ? config : change(config), _clock);
        return (cluster, new NameWatch(cluster, cluster.Discovery!.Names[0], lookup ?? _lookup, _slots, new DiscoveryReport(NullLogger.Instance), _clock));
    }

    private sealed class BrokenLookup : INameLookup
    {
        public Task<LookupResult> LookUpAsync(DiscoveredName name, DiscoveryConfig config, CancellationToken stop) => throw new FormatException("oops");
    }
}
