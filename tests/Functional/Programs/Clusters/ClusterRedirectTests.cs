using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.Functional.Clusters;

/// <summary>Messages of one client connection that go to connections of other clusters, and how such connections end.</summary>
public sealed class ClusterRedirectTests
{
    [Fact(Timeout = 60_000)]
    public async Task Each_message_goes_to_its_cluster_and_answers_come_back()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 3);
        byte[] zero = KeyedMessages.Create(0, 100), one = KeyedMessages.Create(1, 2000), two = KeyedMessages.Create(2, 3);
        await proxy.Client.SendAllAsync((byte[])[.. one, .. zero, .. one, .. two, .. zero]);

        using Socket first = await proxy.AcceptAsync(1);
        using Socket second = await proxy.AcceptAsync(2);
        Assert.Equal((byte[])[.. one, .. one], await first.ReceiveExactlyAsync(4000));
        Assert.Equal(two, await second.ReceiveExactlyAsync(3));
        Assert.Equal((byte[])[.. zero, .. zero], await proxy.Upstream.ReceiveExactlyAsync(200));
        Assert.Equal(2, proxy.Dials);

        foreach (Socket server in (Socket[])[first, second, proxy.Upstream])
        {
            await server.SendAllAsync("answer"u8.ToArray());
            Assert.Equal("answer"u8.ToArray(), await proxy.Client.ReceiveExactlyAsync(6));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task However_the_stream_is_cut_every_server_gets_its_messages_in_order()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 4);
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        List<byte>[] expected = [[], [], [], []];
        List<byte> stream = [];
        for (int i = 0; i < 400; i++)
        {
            byte key = i < 4 ? (byte)i : (byte)random.Next(4);
            byte[] message = KeyedMessages.Create(key, 3 + (random.Next(8) == 0 ? random.Next(20_000) : random.Next(50)), (byte)i);
            stream.AddRange(message);
            expected[key].AddRange(message);
        }

        Task sending = SendInPiecesAsync(proxy.Client, [.. stream], random);
        Socket[] servers = [proxy.Upstream, await proxy.AcceptAsync(1), await proxy.AcceptAsync(2), await proxy.AcceptAsync(3)];
        for (int key = 0; key < 4; key++)
            Assert.True(expected[key].SequenceEqual(await servers[key].ReceiveExactlyAsync(expected[key].Count)), $"seed {seed}, server {key}");
        await sending;
        Array.ForEach(servers, server => server.Dispose());
    }

    [Fact(Timeout = 60_000)]
    public async Task The_clients_fin_goes_to_all_and_comes_back_when_all_have_ended()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        using Socket server = await proxy.FinToAllAsync();

        proxy.Upstream.SendFin();
        await server.SendAllAsync("late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await proxy.Client.ReceiveExactlyAsync(4));
        server.SendFin();
        await proxy.Client.AssertEndsAsync(default, Ending.Fin);
        SpliceResult result = await proxy.ResultAsync();
        Assert.Equal((EndReason.Completed, 10, 4), (result.Reason, result.BytesFromClient, result.BytesFromUpstream));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_closes_its_connection_is_dialled_anew()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        for (int i = 1; i <= 3; i++)
        {
            await proxy.Client.SendAllAsync(KeyedMessages.Create(1, 10, (byte)i));
            using Socket server = await proxy.AcceptAsync(1);
            Assert.Equal(KeyedMessages.Create(1, 10, (byte)i), await server.ReceiveExactlyAsync(10));
            server.SendFin();
            await server.AssertEndsAsync(default, Ending.Fin);
            await Deadline.UntilAsync(() => proxy.OpenClusters == 0, () => "the connection to be given back");
            Assert.Equal(i, proxy.Dials);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cluster_that_cannot_be_connected_to_ends_the_connection()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        proxy.Stop(1);
        await proxy.Client.SendAllAsync((byte[])[.. KeyedMessages.Create(0, 10), .. KeyedMessages.Create(1, 10)]);
        Assert.Equal(Ending.Rst, (await proxy.Client.ReceiveToEndAsync()).Ending);
        await proxy.Upstream.AssertEndsAsync(KeyedMessages.Create(0, 10), Ending.Rst);
        SpliceResult result = await proxy.ResultAsync();
        Assert.Equal((EndReason.ConnectFailed, Errno.ECONNREFUSED), (result.Reason, result.Errno));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_connection_that_no_map_takes_is_not_used()
    {
        // Room for the upstreams of four connections only: the fifth socket is refused.
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 6, clusters: 0);
        await proxy.Client.SendAllAsync((byte[])[.. Enumerable.Range(1, 5).SelectMany(key => KeyedMessages.Create((byte)key, 10))]);
        Assert.Equal(Ending.Rst, (await proxy.Client.ReceiveToEndAsync()).Ending);
        SpliceResult result = await proxy.ResultAsync();
        Assert.Equal((EndReason.MapRefused, Errno.E2BIG), (result.Reason, result.Errno));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_servers_reset_comes_after_what_it_had_sent_and_ends_all()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        await proxy.Client.SendAllAsync(KeyedMessages.Create(1, 10));
        using Socket server = await proxy.AcceptAsync(1);
        await server.ReceiveExactlyAsync(10);
        await server.SendAllAsync("so far"u8.ToArray());
        Assert.Equal("so far"u8.ToArray(), await proxy.Client.ReceiveExactlyAsync(6));
        server.Reset();
        await proxy.Client.AssertEndsAsync(default, Ending.Rst);
        await proxy.Upstream.AssertEndsAsync(default, Ending.Rst);
        SpliceResult result = await proxy.ResultAsync();
        Assert.Equal((EndReason.UpstreamReset, Direction.FromUpstream), (result.Reason, result.FirstToClose));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_clients_reset_comes_after_what_it_had_sent_at_all_servers()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        await proxy.Client.SendAllAsync((byte[])[.. KeyedMessages.Create(1, 10), .. KeyedMessages.Create(0, 5)]);
        using Socket server = await proxy.AcceptAsync(1);
        Assert.Equal(10, (await server.ReceiveExactlyAsync(10)).Length);
        Assert.Equal(5, (await proxy.Upstream.ReceiveExactlyAsync(5)).Length);
        proxy.Client.Reset();
        await server.AssertEndsAsync(default, Ending.Rst);
        await proxy.Upstream.AssertEndsAsync(default, Ending.Rst);
        Assert.Equal(EndReason.ClientReset, (await proxy.ResultAsync()).Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_reads_nothing_stops_the_client_in_bounded_memory()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        byte[] message = KeyedMessages.Create(1, 32_000);
        await proxy.Client.SendAllAsync(message);
        using Socket server = await proxy.AcceptAsync(1);
        byte[] filling = [.. Enumerable.Repeat(message, 32).SelectMany(bytes => bytes)];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token);
        long sent = message.Length;
        Task sending = Task.Run(
            async () =>
            {
                while (sent < 64L << 20)
                {
                    await proxy.Client.SendAllAsync(filling);
                    sent += filling.Length;
                    Assert.InRange(proxy.HeldBytes, 0, 2 << 20);
                }
            },
            stop.Token);
        await Deadline.UntilAsync(() => proxy.HeldBytes > 0, () => "bytes to be held for the slow reader");
        Assert.False(sending.IsCompleted, "the client was not stopped");

        long received = 0;
        byte[] buffer = new byte[1 << 20];
        while (!sending.IsCompleted || received < Volatile.Read(ref sent))
            received += await server.ReceiveAsync(buffer, Deadline.Token);
        await sending;
        Assert.Equal(sent, received);
    }

    [Fact(Timeout = 60_000)]
    public async Task Ingress_comes_back_and_a_drop_vanishes_and_a_reset_ends_all()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        await proxy.Client.SendAllAsync((byte[])
            [.. KeyedMessages.Create((byte)'d', 10), .. KeyedMessages.Create((byte)'i', 20), .. KeyedMessages.Create(0, 5)]);
        Assert.Equal(KeyedMessages.Create((byte)'i', 20), await proxy.Client.ReceiveExactlyAsync(20));
        Assert.Equal(KeyedMessages.Create(0, 5), await proxy.Upstream.ReceiveExactlyAsync(5));

        using Socket server = await proxy.AcceptAsync(1);
        await proxy.Client.SendAllAsync((byte[])[.. KeyedMessages.Create(0, 6), .. KeyedMessages.Create((byte)'r', 10), .. KeyedMessages.Create(0, 7)]);
        await proxy.Upstream.AssertEndsAsync(KeyedMessages.Create(0, 6), Ending.Rst);
        Assert.Equal(Ending.Rst, (await proxy.Client.ReceiveToEndAsync()).Ending);
        Assert.Equal(Ending.Rst, (await server.ReceiveToEndAsync()).Ending);
        SpliceResult result = await proxy.ResultAsync();
        Assert.Equal((EndReason.RuleReset, (Direction?)null), (result.Reason, result.FirstToClose));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_connection_that_ends_while_a_cluster_is_dialled_gives_the_attempt_up()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        using var full = new FullBacklog();
        proxy.Replace(1, full.EndPoint);
        await proxy.Client.SendAllAsync(KeyedMessages.Create(1, 1000));
        await Deadline.UntilAsync(() => proxy.Dials == 1, () => "the dial to begin");
        proxy.Pair!.Abort(EndReason.Aborted);
        Assert.Equal(EndReason.Aborted, (await proxy.ResultAsync()).Reason);
    }

    private static async Task SendInPiecesAsync(Socket socket, byte[] bytes, Random random)
    {
        for (int from = 0; from < bytes.Length;)
        {
            int count = Math.Min(bytes.Length - from, 1 + random.Next(random.Next(4) == 0 ? 9000 : 60));
            await socket.SendAllAsync(bytes.AsMemory(from, count));
            from += count;
        }
    }
}
