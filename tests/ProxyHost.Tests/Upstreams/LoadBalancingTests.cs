using System.Net;
using CsCheck;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Upstreams;

namespace Sluice.ProxyHost.Tests.Upstreams;

public class LoadBalancingTests
{
    private static readonly Gen<int[]> Loads = Gen.Int[0, 20].Array[1, 12];

    [Fact]
    public void Round_robin_gives_each_endpoint_exactly_its_turn() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 50]).Sample((count, rounds) =>
        {
            int[] picks = Count(new RoundRobinPolicy(), Members(new int[count]), count * rounds);
            Assert.All(picks, picked => Assert.Equal(rounds, picked));
        });

    [Fact]
    public void Round_robin_is_fair_when_many_threads_ask()
    {
        const int Threads = 8, PicksEach = 30_000;
        ClusterMembership endpoints = Members(new int[3]);
        var policy = new RoundRobinPolicy();
        int[] picks = new int[3];
        Parallel.For(0, Threads, _ =>
        {
            for (int i = 0; i < PicksEach; i++)
                Interlocked.Increment(ref picks[policy.Pick(endpoints, null)]);
        });
        Assert.All(picks, picked => Assert.Equal(Threads * PicksEach / 3, picked));
    }

    [Fact]
    public void Least_connections_picks_one_that_none_is_below() =>
        Loads.Sample(loads =>
        {
            var policy = new LeastConnectionsPolicy();
            ClusterMembership endpoints = Members(loads);
            for (int i = 0; i < loads.Length; i++)
                Assert.Equal(loads.Min(), loads[policy.Pick(endpoints, null)]);
        });

    [Fact]
    public void Least_connections_lets_equals_take_turns()
    {
        int[] picks = Count(new LeastConnectionsPolicy(), Members(new int[4]), 400);
        Assert.All(picks, picked => Assert.Equal(100, picked));
    }

    [Fact]
    public void Least_connections_evens_out_what_stays_open() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[0, 100]).Sample((count, connections) =>
        {
            var policy = new LeastConnectionsPolicy();
            ClusterMembership endpoints = Members(new int[count]);
            for (int i = 0; i < connections; i++)
                endpoints.Endpoints[policy.Pick(endpoints, null)].Dialling();
            Assert.InRange(endpoints.Endpoints.Max(e => e.InUse) - endpoints.Endpoints.Min(e => e.InUse), 0, 1);
        });

    [Fact]
    public void Two_choices_never_take_the_single_most_loaded() =>
        Loads.Where(loads => loads.Length > 1 && loads.Count(load => load == loads.Max()) == 1).Sample(loads =>
        {
            int[] picks = Count(new RandomTwoChoicesPolicy(), Members(loads), 100);
            Assert.Equal(0, picks[Array.IndexOf(loads, loads.Max())]);
        });

    [Fact]
    public void Two_choices_reach_every_equal() =>
        Assert.All(Count(new RandomTwoChoicesPolicy(), Members(new int[5]), 5_000), picked => Assert.InRange(picked, 700, 1300));

    [Theory]
    [InlineData(BalanceKind.RoundRobin)]
    [InlineData(BalanceKind.LeastConnections)]
    [InlineData(BalanceKind.RandomTwoChoices)]
    [InlineData(BalanceKind.Maglev)]
    public void Picking_allocates_nothing(BalanceKind kind)
    {
        ILoadBalancingPolicy policy = LoadBalancingPolicies.Create(kind);
        ClusterMembership endpoints = Members([1, 2, 3]);
        var source = new IPEndPoint(IPAddress.Loopback, 1);
        policy.Pick(endpoints, source);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            policy.Pick(endpoints, source);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static ClusterMembership Members(int[] loads)
    {
        EndpointState[] endpoints = Endpoints(loads);
        return new ClusterMembership(endpoints, [], [.. loads.Select(_ => 1)], isPanic: false, new MaglevTable(endpoints, [.. loads.Select(_ => 1)], loads.Length));
    }

    private static EndpointState[] Endpoints(int[] loads) => [.. loads.Select((load, i) =>
    {
        var endpoint = new EndpointState(Configs.Ip(i + 1));
        for (int n = 0; n < load; n++)
            endpoint.Dialling();
        return endpoint;
    })];

    private static int[] Count(ILoadBalancingPolicy policy, ClusterMembership endpoints, int picks)
    {
        int[] counts = new int[endpoints.Endpoints.Length];
        for (int i = 0; i < picks; i++)
            counts[policy.Pick(endpoints, null)]++;
        return counts;
    }
}
