using System.Net;
using CsCheck;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Upstreams;

namespace Sluice.ProxyHost.Tests.Upstreams;

public class MaglevTests
{
    private static readonly Gen<int[]> Weights = Gen.Int[1, 10].Array[2, 30];

    [Fact]
    public void Each_endpoint_has_its_share_of_the_table_within_two_percent() => Weights.Sample(weights =>
    {
        int[] places = Count(Table(All(weights.Length), weights));
        double each = (double)places.Sum() / weights.Sum();
        Assert.All(places, (have, i) => Assert.InRange(have, (weights[i] * each * 0.98) - 1, (weights[i] * each * 1.02) + 1));
    }, iter: 50);

    [Fact]
    public void When_an_endpoint_goes_few_places_of_the_others_move() => Gen.Select(Gen.Int[3, 40], Gen.Int[0, 1000]).Sample((count, any) =>
    {
        EndpointState[] all = All(count);
        EndpointState[] left = [.. all.Where((_, i) => i != any % count)];
        (MaglevTable before, MaglevTable after) = (Table(all, Ones(count), count), Table(left, Ones(count - 1), count));
        int stayed = 0;
        int moved = 0;
        for (ulong place = 0; place < (ulong)before.Size; place++)
        {
            if (all[before[place]] == all[any % count])
                continue;
            if (all[before[place]] == left[after[place]])
                stayed++;
            else
                moved++;
        }

        Assert.True(moved < (stayed + moved) * 0.05, $"{moved} of {stayed + moved} places of the others moved");
    }, iter: 30);

    [Fact]
    public void When_it_is_back_everything_is_as_before()
    {
        var cluster = new ClusterState(Configs.Cluster(endpoints: [.. Enumerable.Range(1, 9).Select(Configs.Ip)]) with { Balance = ProxyHost.Configuration.BalanceKind.Maglev });
        int[] before = Picks(cluster);
        cluster.Mark(cluster.Endpoints[4], HealthSource.Check, isGood: false, "a test");
        int[] without = Picks(cluster);
        Assert.DoesNotContain(5, without);
        Assert.NotEqual(before, without);
        cluster.Mark(cluster.Endpoints[4], HealthSource.Check, isGood: true, "a test");
        Assert.Equal(before, Picks(cluster));
    }

    [Fact]
    public void A_source_is_its_address_without_the_port_and_IPv4_is_the_same_mapped()
    {
        Assert.Equal(Hash("10.1.2.3:1"), Hash("10.1.2.3:65535"));
        Assert.Equal(Hash("10.1.2.3:1"), Hash("[::ffff:10.1.2.3]:9"));
        Assert.Equal(Hash("[2001:db8::1]:1"), Hash("[2001:db8::1]:2"));
        Assert.Equal(4, new[] { Hash("10.1.2.3:1"), Hash("10.1.2.4:1"), Hash("[2001:db8::1]:1"), Hash("[2001:db9::1]:1") }.Distinct().Count());
        Assert.False(SourceHash.TryOf(new System.Net.Sockets.UnixDomainSocketEndPoint("/x"), out _));
    }

    [Fact]
    public void The_table_is_the_same_in_every_process() =>
        Assert.Equal("241142442120", string.Concat(Enumerable.Range(0, 12).Select(i => Table(All(5), Ones(5))[(ulong)i * 1000])));

    private static int[] Picks(ClusterState cluster)
    {
        var policy = new MaglevPolicy();
        ClusterMembership members = cluster.Membership;
        return [.. Enumerable.Range(0, 2000).Select(i => ((IPEndPoint)members.Endpoints[policy.Pick(members, new IPEndPoint(i + 1, 7))].Config.Address!).Port)];
    }

    private static ulong Hash(string source)
    {
        Assert.True(SourceHash.TryOf(IPEndPoint.Parse(source), out ulong hash));
        return hash;
    }

    private static int[] Count(MaglevTable table)
    {
        var counts = new Dictionary<int, int>();
        for (ulong place = 0; place < (ulong)table.Size; place++)
            counts[table[place]] = counts.GetValueOrDefault(table[place]) + 1;
        return [.. counts.OrderBy(one => one.Key).Select(one => one.Value)];
    }

    private static MaglevTable Table(EndpointState[] endpoints, int[] weights, int? most = null) => new(endpoints, weights, most ?? endpoints.Length);

    private static int[] Ones(int count) => [.. Enumerable.Repeat(1, count)];

    private static EndpointState[] All(int count) => [.. Enumerable.Range(1, count).Select(port => new EndpointState(Configs.Ip(port)))];
}
