using CsCheck;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Upstreams;

namespace Sluice.ProxyHost.Tests.Upstreams;

public class WeightTests
{
    private static readonly Gen<int[]> Weights = Gen.Int[1, 40].Array[1, 20];

    [Fact]
    public void Round_robin_gives_each_endpoint_exactly_its_weight_wherever_one_begins() =>
        Gen.Select(Weights, Gen.Int[0, 10_000], Gen.Int[1, 3]).Sample((weights, first, rounds) =>
        {
            var table = new WeightTable(weights);
            int[] turns = new int[weights.Length];
            for (ulong turn = 0; turn < (ulong)(table.Total * rounds); turn++)
                turns[table.InTurn(turn + (ulong)first)]++;
            Assert.Equal(weights.Select(weight => weight * rounds), turns);
        });

    [Fact]
    public void A_heavy_endpoint_is_not_picked_many_times_in_a_row()
    {
        var table = new WeightTable([5, 1, 1, 1]);
        string turns = string.Concat(Enumerable.Range(0, 24).Select(turn => table.InTurn((ulong)turn)));
        Assert.DoesNotContain("0000", turns, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_point_of_the_line_belongs_to_the_endpoint_whose_stretch_it_is_on() => Weights.Sample(weights =>
    {
        var table = new WeightTable(weights);
        int[] owners = [.. weights.SelectMany((weight, i) => Enumerable.Repeat(i, weight))];
        Assert.Equal(owners, Enumerable.Range(0, owners.Length).Select(point => table.At(point)));
        Assert.Equal(weights.Select((_, i) => Array.IndexOf(owners, i)), weights.Select((_, i) => (int)table.StartOf(i)));
    });

    [Fact]
    public void Least_connections_fills_endpoints_in_proportion_to_their_weights() => Gen.Select(Gen.Int[1, 9].Array[1, 8], Gen.Int[1, 20]).Sample((weights, each) =>
    {
        ClusterMembership members = Members(weights);
        var policy = new LeastConnectionsPolicy();
        for (int i = 0; i < weights.Sum() * each; i++)
            members.Endpoints[policy.Pick(members, null)].Dialling();
        Assert.All(members.Endpoints, (endpoint, i) => Assert.Equal(weights[i] * each, endpoint.InUse));
    });

    [Fact]
    public void Least_connections_among_very_many_uses_all_of_them_evenly()
    {
        ClusterMembership members = Members([.. Enumerable.Repeat(1, 1000)]);
        var policy = new LeastConnectionsPolicy();
        for (int i = 0; i < 10_000; i++)
            members.Endpoints[policy.Pick(members, null)].Dialling();
        Assert.All(members.Endpoints, endpoint => Assert.InRange(endpoint.InUse, 8, 12));
    }

    [Fact]
    public void Two_choices_pick_idle_endpoints_by_their_weights()
    {
        ClusterMembership members = Members([1, 1, 8]);
        var policy = new RandomTwoChoicesPolicy();
        int[] picks = new int[3];
        for (int i = 0; i < 5_000; i++)
        {
            int pick = policy.Pick(members, null);
            picks[pick]++;
            members.Endpoints[pick].Dialling();
        }

        Assert.InRange(picks[2], 3_700, 4_300);
    }

    private static ClusterMembership Members(int[] weights) =>
        new([.. weights.Select((_, i) => new EndpointState(Configs.Ip(i + 1)))], [], weights, isPanic: false);
}
