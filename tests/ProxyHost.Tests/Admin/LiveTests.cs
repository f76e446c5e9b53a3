using System.Net.Sockets;
using System.Text.Json;
using Sluice.ProxyHost.Admin;
using Sluice.ProxyHost.Admin.Live;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Tests.Reloading;

namespace Sluice.ProxyHost.Tests.Admin;

/// <summary>What /live tells is what has happened on real sockets.</summary>
public class LiveTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task A_connection_shows_with_its_bytes_while_it_runs_and_with_its_end_afterwards()
    {
        using TcpListener server = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(Configs.Cluster(endpoints: Configs.Ip(port))));
        LiveView before = await daemon.LiveAsync();
        Assert.Equal((0, 0L, 0L), (before.OpenConnections, Front(before).Accepted, before.Connections.Count));
        Assert.Empty(Front(before).Ends);

        (Socket client, Socket upstream) = (await daemon.ConnectAsync(), await server.AcceptAsync());
        await client.SayAsync("hello");
        await upstream.HearAsync("hello");
        await upstream.SayAsync("ok");
        await client.HearAsync("ok");
        LiveView during = await daemon.UntilLiveAsync(live => Front(live).Traffic[0].FromUpstream.Copy == 2);
        Assert.True(during.ClockSeconds > before.ClockSeconds);
        Assert.Equal((before.Pid, before.StartedAt), (during.Pid, during.StartedAt));
        Assert.Equal((1, 1, 1L), (during.OpenConnections, Front(during).Connections, Front(during).Accepted));
        LiveTraffic traffic = Assert.Single(Front(during).Traffic);
        Assert.Equal(("back", 1), (traffic.Cluster, traffic.Connections));
        Assert.Equal(new LiveBytes(5, 0, 0, 0, 0), traffic.FromClient);
        ConnectionView shown = Assert.Single(during.Connections.Items);
        Assert.Equal((client.LocalEndPoint!.ToString(), 5L, 2L, "copy"), (shown.Client.Remote, shown.BytesFromClient, shown.BytesFromUpstream, shown.PathFromClient));
        LiveCluster cluster = Assert.Single(during.Clusters.Items);
        Assert.Equal(("back", 1, 1), (cluster.Name, cluster.HealthyEndpoints, cluster.Connections));
        Assert.Equal(during.LatencyBoundsSeconds.Length + 1, cluster.Connects.Buckets.Length);
        Assert.Equal(1, cluster.Connects.Buckets.Sum());
        Assert.True(cluster.Connects.SumSeconds > 0);
        LiveEndpoint endpoint = Assert.Single(cluster.Endpoints.Items);
        Assert.Equal(($"127.0.0.1:{port}", true, 1, 1L, 0L), (endpoint.Endpoint, endpoint.Healthy, endpoint.Open, endpoint.Connected, endpoint.Failed));

        client.Shutdown(SocketShutdown.Send);
        upstream.Shutdown(SocketShutdown.Send);
        LiveView after = await daemon.UntilLiveAsync(live => live.OpenConnections == 0 && Front(live).Connections == 0);
        Assert.Equal(new Dictionary<string, long> { ["completed"] = 1 }, Front(after).Ends);
        Assert.Equal((1L, 5L), (Front(after).Accepted, Front(after).Traffic[0].FromClient.Copy));
        Assert.Equal(0, after.AbnormalEnds.Count);
        client.Dispose();
        upstream.Dispose();
    }

    /// <summary>A path that is left out is throughput that nobody sees.</summary>
    [Fact(Timeout = Timeout)]
    public async Task Every_data_path_is_in_the_answer_and_in_both_views()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        JsonElement bytes = JsonDocument.Parse(await daemon.GetAsync("/live")).RootElement
            .GetProperty("listeners").GetProperty("items")[0].GetProperty("traffic")[0].GetProperty("from_client");
        string[] paths = [.. WireNames.DataPaths.Select(path => path.Name())];
        Assert.Equal(paths.Order(), bytes.EnumerateObject().Select(one => one.Name).Order());
        string page = "src/ProxyHost/Admin/Live/Page/";
        Assert.All(paths, path =>
        {
            Assert.Contains($"bytes.{path}", Repository.Read(page + "rates.js"), StringComparison.Ordinal);
            Assert.Contains($"\"{path}\"", Repository.Read(page + "views.js"), StringComparison.Ordinal);
            Assert.Contains($"<option>{path}</option>", Repository.Read(page + "index.html"), StringComparison.Ordinal);
        });
    }

    [Fact(Timeout = Timeout)]
    public async Task What_fails_shows_as_an_end_and_at_its_endpoint()
    {
        int closed = DaemonTests.UnusedPort();
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Of(Configs.Cluster(attempts: 2, endpoints: Configs.Ip(closed))));
        await ReloadTests.RefusedAsync(daemon.EndPoint);
        LiveView live = await daemon.UntilLiveAsync(live => live.AbnormalEnds.Count == 1 && live.OpenConnections == 0);
        LiveEnd end = Assert.Single(live.AbnormalEnds.Items);
        Assert.Equal(("connect_failed", "ECONNREFUSED", $"127.0.0.1:{closed}", "front", "back"), (end.Reason, end.Errno, end.Endpoint, end.Listener, end.Cluster));
        Assert.Equal(1, Front(live).Ends["connect_failed"]);
        LiveCluster cluster = live.Clusters.Items[0];
        Assert.Equal((0L, 2L), (cluster.Endpoints.Items[0].Connected, cluster.Endpoints.Items[0].Failed));
        Assert.Equal(2, cluster.Connects.Buckets.Sum());
    }

    [Fact(Timeout = Timeout)]
    public async Task Refusals_by_a_limit_are_ends_as_well()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo(Configs.Listener(cluster: "echo", maxConnections: 1)));
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        await ReloadTests.RefusedAsync(daemon.EndPoint);
        LiveView live = await daemon.UntilLiveAsync(live => Front(live).Ends.Count > 0);
        Assert.Equal(1, Front(live).Ends["listener_limit"]);
        Assert.Equal((1, 1, 2L), (Front(live).Connections, Front(live).MaxConnections, Front(live).Accepted));
    }

    [Fact(Timeout = Timeout)]
    public async Task Rules_show_what_they_decided()
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(YamlConfigs.Read(port, DaemonTests.UnusedPort(), "programs: { from_client: p }", more: YamlConfigs.Program("""
            framing: { delimiter: "\n" }
            rules:
              - { name: watched, when: { starts_with: a }, verdict: drop, shadow: true }
              - { name: gone, when: { starts_with: b }, verdict: drop }
            """)));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("a\nb\nb\nc\n");
        await upstream.HearAsync("a\nc\n");
        LiveView live = await daemon.UntilLiveAsync(live => live.Rules.Items[^1].Count == 2);
        Assert.Equal(
            [new("front", "p", "watched", "drop", true, 1), new("front", "p", "gone", "drop", false, 2), new("front", "p", "otherwise", "pass", false, 2)],
            live.Rules.Items);
    }

    [Fact(Timeout = Timeout)]
    public async Task Waiting_for_a_place_is_measured()
    {
        using TcpListener server = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(QueueTests.Config(port, "queue: { size: 3, timeout: 1h }"));
        Socket first = await daemon.ConnectAsync();
        await first.SayAsync("0");
        using Socket served = await server.AcceptAsync();
        using Socket second = await daemon.ConnectAsync();
        LiveView live = await daemon.UntilLiveAsync(live => live.Clusters.Items[0].Queue is { Length: 1 });
        Assert.Equal((3, 0L, 1), (live.Clusters.Items[0].Queue!.Size, live.Clusters.Items[0].Waits.Buckets.Sum(), live.Clusters.Items[0].Endpoints.Items[0].MaxConnections));
        first.Reset();
        using Socket next = await server.AcceptAsync();
        live = await daemon.UntilLiveAsync(live => live.Clusters.Items[0].Queue is { Length: 0 } && live.Clusters.Items[0].Waits.Buckets.Sum() == 1);
        Assert.True(live.Clusters.Items[0].Waits.SumSeconds > 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_reload_takes_no_count_back()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        LiveView before = await daemon.UntilLiveAsync(live => Front(live).Traffic[0].FromUpstream.Copy == 1);
        await daemon.ReloadAsync(config => config with
        {
            Listeners = [config.Listeners[0] with { MaxConnections = 7 }],
            Clusters = [config.Clusters[0] with { ConnectAttempts = 9 }],
        });
        LiveView after = await daemon.LiveAsync();
        Assert.Equal((1L, 2L), (before.Config.Generation, after.Config.Generation));
        Assert.Equal((7, 1, 1L), (Front(after).MaxConnections, Front(after).Connections, Front(after).Accepted));
        Assert.Equal(Front(before).Traffic, Front(after).Traffic);
        Assert.Equal(before.Clusters.Items[0].Connects.Buckets, after.Clusters.Items[0].Connects.Buckets);
        Assert.Equal(before.Clusters.Items[0].Endpoints.Items, after.Clusters.Items[0].Endpoints.Items);
        Assert.Equal((before.Pid, before.StartedAt), (after.Pid, after.StartedAt));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_query_chooses_connections_their_order_and_how_many()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        // One after the other: two reactors number what they accept in an order of their own.
        using Socket one = await daemon.ConnectAsync();
        await one.PingAsync();
        using Socket two = await daemon.ConnectAsync();
        await two.PingAsync();
        using Socket three = await daemon.ConnectAsync();
        await three.PingAsync();
        await two.PingAsync();
        await daemon.UntilLiveAsync(live => live.Connections.Items.Sum(open => open.BytesFromUpstream) == 4);
        Assert.Equal<long>([3, 2, 1], await IdsAsync(""));
        Assert.Equal<long>([1, 2, 3], await IdsAsync("?sort=oldest"));
        Assert.Equal<long>([2], await IdsAsync("?sort=bytes&limit=1"));
        Assert.Equal((3, 3L, 1), await daemon.LiveAsync("?limit=1") is var limited ? (limited.OpenConnections, limited.Connections.Count, limited.Connections.Items.Length) : default);
        Assert.Equal((3, 0L), await daemon.LiveAsync("?state=half-closed") is var none ? (none.OpenConnections, none.Connections.Count) : default);
        foreach ((string query, string hint) in new[] { ("?sort=byte", "`bytes`"), ("?limits=3", "`limit`"), ("?limit=1001", "1 to 1000"), ("?endpoints=0", "1 to 1000") })
        {
            using HttpResponseMessage wrong = await daemon.SendAsync(HttpMethod.Get, "/live" + query);
            Assert.Equal(400, (int)wrong.StatusCode);
            Assert.Contains(hint, await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        async Task<IEnumerable<long>> IdsAsync(string query) => (await daemon.LiveAsync(query)).Connections.Items.Select(open => open.Id);
    }

    [Fact(Timeout = Timeout)]
    public async Task Of_many_endpoints_the_unhealthy_and_the_busiest_are_shown()
    {
        using TcpListener server = YamlConfigs.Listen(out int port);
        EndpointConfig[] endpoints = [.. Enumerable.Range(1, 5000).Select(i => new EndpointConfig($"10.0.0.1:{i}", EndpointKind.Ip, "", 0, new System.Net.IPEndPoint(0x0100000a, i)) { Priority = 1 })];
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(
            Configs.Of(Configs.Cluster(endpoints: [.. endpoints, Configs.Ip(port)])));
        daemon.Model.Clusters[0].Mark(daemon.Model.Clusters[0].Endpoints[4711], HealthSource.Check, isGood: false, "test");
        using Socket client = await daemon.ConnectAsync();
        using Socket upstream = await server.AcceptAsync();
        LiveList<LiveEndpoint> shown = (await daemon.UntilLiveAsync(live => live.Clusters.Items[0].Endpoints.Items[1].Open == 1)).Clusters.Items[0].Endpoints;
        Assert.Equal((5001L, 50), (shown.Count, shown.Items.Length));
        Assert.Equal((false, "test", "10.0.0.1:4712"), (shown.Items[0].Healthy, shown.Items[0].Cause, shown.Items[0].Endpoint));
        Assert.Equal($"127.0.0.1:{port}", shown.Items[1].Endpoint);
        Assert.Equal(1000, (await daemon.LiveAsync("?endpoints=1000")).Clusters.Items[0].Endpoints.Items.Length);
    }

    [Fact(Timeout = Timeout)]
    public async Task What_is_read_back_is_what_was_written()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        string text = await daemon.GetAsync("/live");
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize(text, LiveJson.Default.LiveView), LiveJson.Default.LiveView));
    }

    private static LiveListener Front(LiveView live) => live.Listeners.Items.Single(listener => listener.Name == "front");
}
