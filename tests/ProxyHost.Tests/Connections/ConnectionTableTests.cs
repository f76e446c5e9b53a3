using CsCheck;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Tests.Upstreams;

namespace Sluice.ProxyHost.Tests.Connections;

public class ConnectionTableTests
{
    private static readonly ListenerState Listener = new ProxyModel(Configs.Echo()).Listeners[0];

    [Fact]
    public void It_holds_what_was_added_and_not_removed() =>
        Gen.Int[0, 99].List[0, 200].Sample(steps =>
        {
            var table = new ConnectionTable();
            ConnectionShard[] shards = [table.AddShard(), table.AddShard(), table.AddShard()];
            var expected = new Dictionary<int, ProxiedConnection>();
            foreach (int step in steps)
            {
                if (expected.Remove(step, out ProxiedConnection? known))
                    shards[step % 3].Remove(known);
                else
                    shards[step % 3].Add(expected[step] = New(table));
            }

            Assert.Equal(expected.Count, table.Count);
            Assert.Equal(expected.Values.Select(c => c.Id).Order(), table.Snapshot().Select(c => c.Id).Order());
        });

    [Fact]
    public void Looking_while_connections_come_and_go_sees_each_at_most_once()
    {
        var table = new ConnectionTable();
        ConnectionShard[] shards = [table.AddShard(), table.AddShard()];
        ProxiedConnection lasting = New(table);
        shards[0].Add(lasting);
        using var ready = new Barrier(3);
        Parallel.Invoke(
            () => ComeAndGo(shards[0]),
            () => ComeAndGo(shards[1]),
            () =>
            {
                ready.SignalAndWait(TestContext.Current.CancellationToken);
                for (int i = 0; i < 500; i++)
                {
                    List<ProxiedConnection> seen = table.Snapshot();
                    Assert.Equal(seen.Count, seen.Distinct().Count());
                    Assert.Contains(lasting, seen);
                }
            });
        Assert.Same(lasting, Assert.Single(table.Snapshot()));

        void ComeAndGo(ConnectionShard shard)
        {
            ready.SignalAndWait(TestContext.Current.CancellationToken);
            for (int i = 0; i < 5_000; i++)
            {
                ProxiedConnection connection = New(table);
                shard.Add(connection);
                shard.Remove(connection);
            }
        }
    }

    private static ProxiedConnection New(ConnectionTable table) => Lanes.Connect(Listener, table.NextId());
}
