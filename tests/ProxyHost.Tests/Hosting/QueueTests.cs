using System.Net.Sockets;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Limits of endpoints and the queue before them, in a real daemon.</summary>
public class QueueTests
{
    private const int Timeout = 120_000;

    [Fact(Timeout = Timeout)]
    public async Task Who_waits_is_served_in_order_and_who_finds_the_queue_full_is_reset()
    {
        using TcpListener server = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await StartAsync(port, "queue: { size: 3, timeout: 1h }");
        using Socket first = await daemon.ConnectAsync();
        await first.SayAsync("0");
        Socket served = await server.AcceptAsync();
        await served.HearAsync("0");

        var waiting = new List<Socket>();
        for (int i = 1; i <= 3; i++)
        {
            waiting.Add(await daemon.ConnectAsync());
            await waiting[^1].SayAsync($"{i}");
            await daemon.UntilMeasuredAsync("sluice.cluster.queue_length", i);
        }

        await IsRefusedAsync(daemon);
        await daemon.UntilMeasuredAsync("sluice.cluster.queue_rejections", 1, ("error.type", "queue_overflow"));
        await daemon.UntilMeasuredAsync("sluice.server.rejected_connections", 1, ("error.type", "queue_overflow"));

        Socket before = first;
        for (int i = 1; i <= 3; i++)
        {
            before.Reset();
            served.Dispose();
            served = await server.AcceptAsync();
            await served.HearAsync($"{i}");
            await daemon.UntilMeasuredAsync("sluice.cluster.queue_length", 3 - i);
            before = waiting[i - 1];
        }

        before.Reset();
        served.Dispose();
        await daemon.UntilNothingIsTakenAsync();
        await daemon.UntilMeasuredAsync("sluice.cluster.queue_wait", 3, ("cluster", "back")); // who may not wait does not count
    }

    [Fact(Timeout = Timeout)]
    public async Task Who_waits_for_too_long_is_reset_and_leaves_no_trace()
    {
        using TcpListener server = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await StartAsync(port, "queue: { size: 3, timeout: 20ms }");
        using Socket first = await daemon.ConnectAsync();
        using Socket served = await server.AcceptAsync();
        await IsRefusedAsync(daemon);
        AccessRecord record = (await daemon.RecordsAsync(1))[0];
        Assert.Equal((EndReason.QueueTimeout, 0), (record.End, record.Attempts));
        await daemon.UntilMeasuredAsync("sluice.cluster.queue_rejections", 1, ("error.type", "queue_timeout"));
        await daemon.UntilMeasuredAsync("sluice.cluster.queue_length", 0);
        first.Reset();
        await daemon.UntilNothingIsTakenAsync();
        using Socket third = await daemon.ConnectAsync();
        using Socket again = await server.AcceptAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task Without_a_queue_who_finds_every_endpoint_full_is_reset()
    {
        using TcpListener server = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await StartAsync(port);
        using Socket first = await daemon.ConnectAsync();
        using Socket served = await server.AcceptAsync();
        await IsRefusedAsync(daemon);
        Assert.Equal(EndReason.EndpointLimit, (await daemon.RecordsAsync(1))[0].End);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_daemon_that_stops_ends_those_who_wait()
    {
        using TcpListener server = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Config(port, "queue: { size: 3, timeout: 1h }") is var config
            ? config with { Runtime = config.Runtime with { DrainTimeout = TimeSpan.FromMilliseconds(50) } } : null!);
        using Socket first = await daemon.ConnectAsync();
        using Socket served = await server.AcceptAsync();
        using Socket second = await daemon.ConnectAsync();
        await daemon.UntilMeasuredAsync("sluice.cluster.queue_length", 1);
        await daemon.StopAsync();
        Assert.All(await daemon.RecordsAsync(2), record => Assert.Equal(EndReason.Drained, record.End));
    }

    // The reset may be there before connect has looked.
    private static async Task IsRefusedAsync(RunningDaemon daemon)
    {
        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using Socket client = await daemon.ConnectAsync();
            await client.ReadToEndAsync();
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    internal static Sluice.ProxyHost.Configuration.SluiceConfig Config(int port, params string[] cluster) =>
        ClusterConfigs.Read($"[{{ address: \"127.0.0.1:{port}\", max_connections: 1 }}]", cluster);

    private static Task<RunningDaemon> StartAsync(int port, params string[] cluster) => RunningDaemon.StartAsync(Config(port, cluster));
}
