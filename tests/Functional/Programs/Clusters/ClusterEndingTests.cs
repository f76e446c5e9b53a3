using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.Functional.Clusters;

/// <summary>Connections to further clusters that end at awkward moments.</summary>
public sealed class ClusterEndingTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_servers_reset_is_no_fin_although_all_others_have_ended()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        using Socket server = await proxy.FinToAllAsync();
        proxy.Upstream.SendFin();
        await server.SendAllAsync("so far"u8.ToArray());
        Assert.Equal("so far"u8.ToArray(), await proxy.Client.ReceiveExactlyAsync(6));

        server.Reset();
        await proxy.Client.AssertEndsAsync(default, Ending.Rst);
        SpliceResult result = await proxy.ResultAsync();
        Assert.Equal((EndReason.UpstreamReset, Errno.ECONNRESET), (result.Reason, result.Errno));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_redirected_after_the_upstreams_end_arrives_with_the_clients_fin()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        proxy.Upstream.SendFin();
        await proxy.Client.AssertEndsAsync(default, Ending.Fin);
        byte[] message = KeyedMessages.Create(1, 30_000);
        await proxy.Client.SendAllAsync(message);
        proxy.Client.SendFin();
        await proxy.Upstream.AssertEndsAsync(default, Ending.Fin);

        using Socket server = await proxy.AcceptAsync(1);
        await server.AssertEndsAsync(message, Ending.Fin);
        server.SendFin();
        SpliceResult result = await proxy.ResultAsync();
        Assert.Equal((EndReason.Completed, 30_000), (result.Reason, result.BytesFromClient));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reset_that_waits_for_a_slow_server_ends_with_that_servers_own()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        (Socket server, _) = await FillAsync(proxy);
        proxy.Upstream.Reset();
        await proxy.HandledAsync();
        Assert.True(proxy.HeldBytes > 0, "the slow server has taken all");

        server.Reset();
        Assert.Equal(EndReason.UpstreamReset, (await proxy.ResultAsync()).Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task While_a_closed_connection_still_gets_its_last_bytes_others_go_to_a_new_one()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        (Socket server, int sent) = await FillAsync(proxy);
        using Socket first = server;
        first.SendFin();
        await proxy.HandledAsync();
        await proxy.Client.SendAllAsync((byte[])[.. KeyedMessages.Create(1, 10), .. KeyedMessages.Create(0, 20)]);
        Assert.Equal(KeyedMessages.Create(0, 20), await proxy.Upstream.ReceiveExactlyAsync(20));

        using Socket second = await proxy.AcceptAsync(1);
        Assert.Equal(KeyedMessages.Create(1, 10), await second.ReceiveExactlyAsync(10));
        (byte[] had, Ending ending) = await first.ReceiveToEndAsync();
        Assert.Equal((sent, Ending.Fin), (had.Length, ending));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_for_a_server_that_has_failed_goes_to_no_other()
    {
        await using ClusterProxy proxy = await ClusterProxy.StartAsync(servers: 2);
        await proxy.Client.SendAllAsync(KeyedMessages.Create(1, 10));
        using Socket server = await proxy.AcceptAsync(1);
        await server.ReceiveExactlyAsync(10);

        // The reactor hears of both at once, of the bytes first.
        await proxy.Reactor.InvokeAsync(() =>
        {
            proxy.Client.Send((byte[])[.. KeyedMessages.Create(1, 5000), .. KeyedMessages.Create(1, 5000)]);
            server.Reset();
            return Task.FromResult(true);
        });
        await proxy.Upstream.AssertEndsAsync(default, Ending.Rst);
        Assert.Equal(EndReason.UpstreamReset, (await proxy.ResultAsync()).Reason);
    }

    // Sends messages to server 1, which reads none, until the proxy holds some for it.
    private static async Task<(Socket Server, int Sent)> FillAsync(ClusterProxy proxy)
    {
        byte[] message = KeyedMessages.Create(1, 32 * 1024);
        await proxy.Client.SendAllAsync(message);
        Socket server = await proxy.AcceptAsync(1);
        await Deadline.UntilAsync(() => proxy.HeldBytes == 0, () => "the first message to leave");
        int sent = message.Length;
        for (; proxy.HeldBytes == 0; sent += message.Length)
        {
            await proxy.Client.SendAllAsync(message);
            await proxy.HandledAsync();
        }

        return (server, sent);
    }
}
