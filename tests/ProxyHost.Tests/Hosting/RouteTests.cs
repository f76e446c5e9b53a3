using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Connections that routes choose the cluster of, on both transports.</summary>
public class RouteTests
{
    private const int Timeout = 60_000;
    private const string Patient = "1h";

    public static TheoryData<TransportKind> Transports => [TransportKind.Reactor, TransportKind.Sockets];

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task First_bytes_that_come_one_by_one_choose_and_all_of_them_arrive(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Routing(mainPort, otherPort, Patient), transport);
        using Socket client = await daemon.ConnectAsync();
        client.NoDelay = true;
        await daemon.UntilAsync("\"state\":\"connecting\"");
        foreach (char letter in "other")
            await client.SayAsync($"{letter}");
        using Socket upstream = await other.AcceptAsync();
        await client.SayAsync(" and more");
        await upstream.HearAsync("other and more");
        await daemon.UntilAsync("\"cluster\":\"other\",\"route\":\"to-other\"");
        await daemon.UntilMeasuredAsync("sluice.server.active_connections", 1, ("cluster", "other"));
        await daemon.UntilMeasuredAsync("sluice.server.active_connections", 0, ("cluster", "main"));
        await daemon.UntilMeasuredAsync("sluice.io", 14, ("cluster", "other"), ("direction", "from_client"));

        await upstream.SayAsync("answer");
        await client.HearAsync("answer");
        client.Dispose();
        upstream.Dispose();
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.Completed, "other", "to-other", 14L), (record.End, record.Cluster, record.Route, record.BytesFromClient));
        await daemon.UntilMeasuredAsync("sluice.server.connection.duration", 1, ("cluster", "other"));
        Assert.False(main.Pending());
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task Bytes_that_no_route_can_match_any_more_are_not_waited_for(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Routing(mainPort, otherPort, Patient), transport);
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync("ot");
        await client.SayAsync("t");
        using Socket upstream = await main.AcceptAsync();
        await upstream.HearAsync("ott");
        client.Dispose();
        upstream.Dispose();
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal(("main", null), (record.Cluster, record.Route));
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task A_silent_client_reaches_the_listeners_cluster_whose_server_may_speak_first(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Routing(mainPort, otherPort, "100ms"), transport);
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await upstream.SayAsync("welcome");
        await client.HearAsync("welcome");
        await client.SayAsync("other");
        await upstream.HearAsync("other");
        client.Shutdown(SocketShutdown.Send);
        await upstream.HearLastAsync("");
        upstream.Dispose();
        await client.HearLastAsync("");
        await daemon.UntilNothingIsTakenAsync();
        Assert.Equal(EndReason.Completed, Assert.Single(await daemon.RecordsAsync(1)).End);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor, "")]
    [InlineData(TransportKind.Reactor, "ot")]
    [InlineData(TransportKind.Reactor, "other")]
    [InlineData(TransportKind.Sockets, "")]
    [InlineData(TransportKind.Sockets, "ot")]
    [InlineData(TransportKind.Sockets, "other")]
    public async Task A_client_that_closes_early_is_routed_by_what_it_has_sent(TransportKind transport, string sent)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Routing(mainPort, otherPort, Patient), transport);
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync(sent);
        client.Shutdown(SocketShutdown.Send);
        using Socket upstream = await (sent == "other" ? other : main).AcceptAsync();
        await upstream.HearLastAsync(sent);
        await upstream.SayAsync("answer");
        upstream.Dispose();
        await client.HearLastAsync("answer");
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.Completed, sent == "other" ? "to-other" : null), (record.End, record.Route));
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task A_client_that_resets_while_it_is_looked_at_leaves_nothing_behind(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Routing(mainPort, otherPort, Patient), transport);
        foreach (string sent in (string[])["", "ot"])
        {
            Socket client = await daemon.ConnectAsync();
            await client.SayAsync(sent);
            await daemon.UntilAsync("\"state\":\"connecting\"");
            client.Reset();
            await daemon.UntilNothingIsTakenAsync();
        }

        Assert.All(await daemon.RecordsAsync(2), record => Assert.Equal((EndReason.ClientReset, 0, "main", null), (record.End, record.Attempts, record.Cluster, record.Route)));
        Assert.False(main.Pending() || other.Pending());
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task A_connection_that_is_looked_at_does_not_hold_the_drain_up(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Routing(mainPort, otherPort, Patient).DrainingSoon(), transport);
        using Socket silent = await daemon.ConnectAsync(), slow = await daemon.ConnectAsync();
        await slow.SayAsync("oth");
        await daemon.UntilMeasuredAsync("sluice.server.active_connections", 2, ("cluster", "main"));
        await daemon.StopAsync();
        await silent.HearResetAsync();
        await slow.HearResetAsync();
        await daemon.AssertDrainedAsync(2);
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task The_limit_of_the_cluster_that_was_chosen_refuses_and_is_counted_for_that_cluster(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Routing(mainPort, otherPort, Patient, ", max_connections: 1"), transport);
        using Socket first = await daemon.ConnectAsync();
        await first.SayAsync("other");
        using Socket upstream = await other.AcceptAsync();
        await upstream.HearAsync("other");

        using Socket refused = await daemon.ConnectAsync();
        await refused.SayAsync("other");
        await refused.HearResetAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.ClusterLimit, "other", "to-other"), (record.End, record.Cluster, record.Route));
        await daemon.UntilMeasuredAsync("sluice.server.rejected_connections", 1, ("cluster", "other"), ("error.type", "cluster_limit"));
        await daemon.UntilMeasuredAsync("sluice.server.rejected_connections", 0, ("cluster", "main"));

        using Socket elsewhere = await daemon.ConnectAsync();
        await elsewhere.SayAsync("main");
        using Socket unaffected = await main.AcceptAsync();
        await unaffected.HearAsync("main");
        await daemon.UntilMeasuredAsync("sluice.server.active_connections", 1, ("cluster", "other"));
        await daemon.UntilMeasuredAsync("sluice.server.active_connections", 1, ("cluster", "main"));
        foreach (Socket socket in (Socket[])[first, upstream, elsewhere, unaffected])
            socket.Dispose();
        await daemon.UntilNothingIsTakenAsync();
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task Where_the_chosen_cluster_is_down_the_record_has_the_route(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Routing(mainPort, DaemonTests.UnusedPort(), Patient), transport);
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync("other");
        await client.HearResetAsync();
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.ConnectFailed, "other", "to-other", 1), (record.End, record.Cluster, record.Route, record.Attempts));
        await daemon.UntilMeasuredAsync("sluice.server.connection.duration", 1, ("cluster", "other"), ("error.type", "connect_failed"));
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task Routes_by_source_alone_look_at_no_byte(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        SluiceConfig config = YamlConfigs.Read(mainPort, otherPort, $$"""
            routes: [{ name: by-source, when: { remote_address: 127.0.0.2 }, cluster: other }]
            inspect: { timeout: {{Patient}} }
            """);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config, transport);
        using var from2 = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        from2.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await from2.ConnectAsync(daemon.EndPoint, TestContext.Current.CancellationToken);
        using Socket chosen = await other.AcceptAsync();
        await chosen.SayAsync("other");
        await from2.HearAsync("other");
        using Socket from1 = await daemon.ConnectAsync(), usual = await main.AcceptAsync();
        await usual.SayAsync("main");
        await from1.HearAsync("main");
    }

    [Fact(Timeout = Timeout)]
    public async Task A_routed_connection_is_judged_by_the_listeners_program_from_its_first_byte()
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        SluiceConfig config = YamlConfigs.Read(
            mainPort, otherPort,
            "routes: [{ name: to-other, when: { starts_with: other }, cluster: other }]\nprograms: { from_client: p }",
            more: YamlConfigs.Program("""
                framing: { fixed_length: 5 }
                rules:
                  - { name: first, when: { stream_offset: 0 }, verdict: drop }
                  - { name: back, when: { starts_with: other }, verdict: redirect, to: other }
                """));
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config);
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync("otherplainother");
        using Socket upstream = await other.AcceptAsync();
        await upstream.HearAsync("plain");
        using Socket further = await other.AcceptAsync();
        await further.HearAsync("other");
        await daemon.UntilAsync("\"route\":\"to-other\"");
        await daemon.UntilMeasuredAsync("sluice.client.open_connections", 2, ("cluster", "other"));
        foreach (Socket socket in (Socket[])[client, upstream, further])
            socket.Dispose();
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal(("other", "to-other", "p/back"), (record.Cluster, record.Route, record.Rule));
    }

    private static SluiceConfig Routing(int main, int other, string timeout, string cluster = "") => YamlConfigs.Read(main, other, $$"""
        routes: [{ name: to-other, when: { starts_with: other }, cluster: other }]
        inspect: { timeout: {{timeout}} }
        """, cluster);
}
