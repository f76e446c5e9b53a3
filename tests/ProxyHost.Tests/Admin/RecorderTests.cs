using System.Net.Sockets;
using System.Text.Json;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Tests.Reloading;

namespace Sluice.ProxyHost.Tests.Admin;

public class RecorderTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task A_reset_leaves_its_timeline_and_what_TCP_knew()
    {
        using TcpListener server = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(Configs.Cluster(endpoints: Configs.Ip(port))));
        (Socket client, Socket upstream) = (await daemon.ConnectAsync(), await server.AcceptAsync());
        await client.SayAsync("hello");
        await upstream.HearAsync("hello");
        await upstream.SayAsync("good day");
        await client.HearAsync("good day");
        upstream.Reset();
        await client.HearResetAsync();
        await daemon.RecordsAsync(1);
        JsonElement record = Assert.Single(await RecordsAsync(daemon));
        Assert.Equal("upstream_reset", record.GetProperty("end").GetString());
        Assert.Equal("upstream", record.GetProperty("first_to_close").GetString());
        Assert.Equal(("copy", "copy"), (record.GetProperty("path_from_client").GetString(), record.GetProperty("path_from_upstream").GetString()));
        Assert.Equal(["accepted", "admitted", "connected", "first_byte", "first_byte", "ended"], Events(record));
        JsonElement[] timeline = [.. record.GetProperty("timeline").EnumerateArray()];
        Assert.Equal(timeline.Select(one => one.GetProperty("at").GetDouble()).Order(), timeline.Select(one => one.GetProperty("at").GetDouble()));
        Assert.Equal($"127.0.0.1:{port}", timeline[2].GetProperty("endpoint").GetString());
        Assert.Equal(("upstream_reset", "ECONNRESET"), (timeline[^1].GetProperty("reason").GetString(), timeline[^1].GetProperty("error").GetString()));
        JsonElement tcp = record.GetProperty("client_tcp");
        Assert.Equal("ESTABLISHED", tcp.GetProperty("state").GetString());
        Assert.Equal(5, tcp.GetProperty("bytes_received").GetInt64());
        Assert.Equal("CLOSE", record.GetProperty("upstream_tcp").GetProperty("state").GetString());
        Assert.True(tcp.GetProperty("rtt_seconds").GetDouble() > 0);
        client.Dispose();
    }

    [Fact(Timeout = Timeout)]
    public async Task Failed_attempts_are_told_with_their_errno()
    {
        using TcpListener server = YamlConfigs.Listen(out int good);
        int closed = DaemonTests.UnusedPort();
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(Configs.Cluster(endpoints: [Configs.Ip(closed), Configs.Ip(good)])));
        (Socket client, Socket upstream) = (await daemon.ConnectAsync(), await server.AcceptAsync());
        await client.SayAsync("x");
        await upstream.HearAsync("x");
        JsonElement detail = JsonDocument.Parse(await daemon.GetAsync("/connections/1")).RootElement;
        Assert.Equal(1, detail.GetProperty("connection").GetProperty("id").GetInt64());
        Assert.Equal(["accepted", "admitted", "connect_failed", "connected"], Events(detail).Take(4));
        JsonElement failed = detail.GetProperty("timeline")[2];
        Assert.Equal(($"127.0.0.1:{closed}", "ECONNREFUSED"), (failed.GetProperty("endpoint").GetString(), failed.GetProperty("error").GetString()));
        Assert.True(failed.GetProperty("seconds").GetDouble() >= 0);
        Assert.Equal($"127.0.0.1:{good}", detail.GetProperty("timeline")[3].GetProperty("endpoint").GetString());
        client.Dispose();
        upstream.Dispose();
    }

    [Fact(Timeout = Timeout)]
    public async Task What_completed_is_not_kept_and_what_has_half_closed_shows_it()
    {
        using TcpListener server = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(Configs.Cluster(endpoints: Configs.Ip(port))));
        (Socket client, Socket upstream) = (await daemon.ConnectAsync(), await server.AcceptAsync());
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await upstream.ReadToEndAsync());
        await daemon.UntilAsync("\"state\":\"half-closed\"");
        Assert.Contains("half_closed", Events(JsonDocument.Parse(await daemon.GetAsync("/connections/1")).RootElement));
        upstream.Dispose();
        Assert.Empty(await client.ReadToEndAsync());
        await daemon.RecordsAsync(1);
        Assert.Empty(await RecordsAsync(daemon));
        client.Dispose();
    }

    [Fact(Timeout = Timeout)]
    public async Task The_kernel_carrying_a_connection_shows_in_its_timeline()
    {
        Rights.RequireKernel();
        using var server = new EchoServer();
        SluiceConfig config = Configs.Of(Configs.Cluster(endpoints: Configs.Ip(server.Port)));
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config with { Runtime = config.Runtime with { Offload = OffloadMode.Sockmap } });
        await daemon.UntilOffloadIsKnownAsync();
        using Socket client = await daemon.ConnectAsync();
        await daemon.UntilInKernelAsync(client);
        JsonElement detail = JsonDocument.Parse(await daemon.GetAsync("/connections/1")).RootElement;
        Assert.Contains(
            detail.GetProperty("timeline").EnumerateArray(),
            one => one.GetProperty("event").GetString() == "data_path" && one.GetProperty("data_path").GetString() == "sockmap" && one.GetProperty("direction").GetString() == "from_client");
    }

    [Fact(Timeout = Timeout)]
    public async Task The_last_are_kept_the_newest_first_and_a_query_chooses()
    {
        int closed = DaemonTests.UnusedPort();
        SluiceConfig config = Configs.Of(Configs.Cluster(attempts: 1, endpoints: Configs.Ip(closed)));
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config with { Admin = config.Admin with { Recorder = new(2) } });
        for (int i = 1; i <= 3; i++)
        {
            await ReloadTests.RefusedAsync(daemon.EndPoint);
            await daemon.RecordsAsync(i);
        }

        Assert.Equal([3, 2], (await RecordsAsync(daemon)).Select(record => record.GetProperty("id").GetInt64()));
        Assert.Equal(2, (await RecordsAsync(daemon, "?reason=connect_failed&listener=front")).Length);
        Assert.Empty(await RecordsAsync(daemon, "?reason=client_reset"));
        using HttpResponseMessage wrong = await daemon.SendAsync(HttpMethod.Get, "/recorder?reason=connect_fail");
        Assert.Equal(400, (int)wrong.StatusCode);
        Assert.Contains("did you mean `connect_failed`?", await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_recorder_of_no_size_keeps_nothing()
    {
        SluiceConfig config = Configs.Of(Configs.Cluster(attempts: 1, endpoints: Configs.Ip(DaemonTests.UnusedPort())));
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config with { Admin = config.Admin with { Recorder = new(0) } });
        await ReloadTests.RefusedAsync(daemon.EndPoint);
        await daemon.RecordsAsync(1);
        Assert.Empty(await RecordsAsync(daemon));
    }

    private static async Task<JsonElement[]> RecordsAsync(RunningDaemon daemon, string query = "") =>
        [.. JsonDocument.Parse(await daemon.GetAsync("/recorder" + query)).RootElement.GetProperty("records").EnumerateArray()];

    private static IEnumerable<string> Events(JsonElement of) => of.GetProperty("timeline").EnumerateArray().Select(one => one.GetProperty("event").GetString()!);
}
