using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Reloading;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

public class PartialDrainTests
{
    private const int Timeout = 60_000;
    private static readonly DrainScope Front = new("front", null, null);

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor)]
    [InlineData(TransportKind.Sockets)]
    public async Task A_drained_listener_refuses_the_new_and_keeps_the_old_until_it_is_taken_back(TransportKind transport)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo(), transport);
        using Socket old = await daemon.ConnectAsync();
        await old.PingAsync();
        Assert.Null(daemon.Service<PartialDrain>().Set(Front, isDraining: true, closes: false));
        await ReloadTests.RefusedAsync(daemon.EndPoint);
        await daemon.ReloadAsync(ReloadTests.Listeners(listener => listener with { MaxConnections = 9 }));
        await ReloadTests.RefusedAsync(daemon.EndPoint); // a reload does not end a drain
        await old.PingAsync();
        Assert.Equal([EndReason.ListenerDraining, EndReason.ListenerDraining], (await daemon.RecordsAsync(2)).Select(record => record.End));
        Assert.Null(daemon.Service<PartialDrain>().Set(Front, isDraining: false, closes: false));
        using Socket again = await daemon.ConnectAsync();
        await again.PingAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_drained_endpoint_gets_no_new_connections()
    {
        using EchoServer one = new(), two = new();
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(Configs.Cluster(endpoints: [Configs.Ip(one.Port), Configs.Ip(two.Port)])));
        Assert.Null(daemon.Service<PartialDrain>().Set(new(null, "back", $"127.0.0.1:{one.Port}"), isDraining: true, closes: false));
        List<Socket> clients = [];
        for (int i = 0; i < 6; i++)
        {
            clients.Add(await daemon.ConnectAsync());
            await clients[^1].PingAsync();
        }

        Assert.Equal([0, 6], daemon.Model.Clusters[0].Endpoints.Select(endpoint => endpoint.Open));
        Assert.Null(daemon.Service<PartialDrain>().Set(new(null, "back", $"127.0.0.1:{two.Port}"), isDraining: true, closes: false));
        await ReloadTests.RefusedAsync(daemon.EndPoint);
        await clients[0].PingAsync();
        clients.ForEach(client => client.Dispose());
    }

    [Fact(Timeout = Timeout)]
    public async Task Framed_connections_close_between_two_messages_with_FIN()
    {
        using TcpListener server = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(YamlConfigs.Read(
            port, port, "programs: { from_client: p, from_upstream: p }", more: YamlConfigs.Program("framing: { delimiter: \"\\n\" }\nrules: [{ name: all, verdict: pass }]")));
        (Socket idle, Socket idleUp) = await OpenAsync(daemon, server);
        (Socket asking, Socket askingUp) = await OpenAsync(daemon, server);
        (Socket half, Socket halfUp) = await OpenAsync(daemon, server);
        await asking.SayAsync("ask\n");
        await askingUp.HearAsync("ask\n");
        await half.SayAsync("1\n");
        await halfUp.HearAsync("1\n");
        await halfUp.SayAsync("ok\n2nd");
        await half.HearAsync("ok\n");

        Assert.Null(daemon.Service<PartialDrain>().Set(Front, isDraining: true, closes: false));
        await idle.HearLastAsync("");
        await idleUp.HearLastAsync("");
        await askingUp.SayAsync("answer\n");
        await asking.HearLastAsync("answer\n");
        await halfUp.SayAsync(" part\n");
        await half.HearLastAsync("2nd part\n");
        Assert.All(await daemon.RecordsAsync(3), record => Assert.Equal(EndReason.DrainedBetweenMessages, record.End));
        foreach (Socket socket in (Socket[])[idle, idleUp, asking, askingUp, half, halfUp])
            socket.Dispose();
    }

    [Fact(Timeout = Timeout)]
    public async Task What_is_left_after_the_timeout_is_closed_where_that_is_asked_for()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo(drainTimeout: TimeSpan.FromMilliseconds(20)));
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        Assert.Null(daemon.Service<PartialDrain>().Set(Front, isDraining: true, closes: true));
        await client.HearResetAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal(EndReason.Drained, record.End);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("front", "other")]
    [InlineData("")]
    public async Task What_is_taken_back_of_drains_is_left_open_and_the_rest_is_closed_all_the_same(params string[] drained)
    {
        SluiceConfig config = Configs.Echo();
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config with { Listeners = [config.Listeners[0], Configs.Listener("other", "echo")] });
        using Socket front = await ReloadTests.ConnectAsync(daemon.EndPoint), other = await ReloadTests.ConnectAsync(daemon.AddressOf("other"));
        await front.PingAsync();
        await other.PingAsync();
        var clock = new HeldClock();
        using var drain = new PartialDrain(daemon.Model, daemon.Service<ConnectionTable>(), clock, daemon.Service<ILogger<PartialDrain>>());
        foreach (string listener in drained)
            Assert.Null(drain.Set(new(listener.Length > 0 ? listener : null, null, null), isDraining: true, closes: true));
        Assert.Null(drain.Set(new("other", null, null), isDraining: false, closes: false));
        clock.Release();
        await front.HearResetAsync();
        await other.PingAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal(("front", EndReason.Drained), (record.Listener, record.End));
    }

    private static async Task<(Socket Client, Socket Upstream)> OpenAsync(RunningDaemon daemon, TcpListener server)
    {
        Socket client = await daemon.ConnectAsync();
        return (client, await server.AcceptAsync());
    }
}
