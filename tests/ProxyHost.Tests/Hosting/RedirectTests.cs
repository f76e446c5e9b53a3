using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Connections whose rules take them to further clusters: limits, failures, drain, and what is given back.</summary>
public class RedirectTests
{
    private const int Timeout = 60_000;

    private static readonly string ToOther = YamlConfigs.Program("""
        framing: { delimiter: "\n" }
        rules: [{ name: there, when: { starts_with: there }, verdict: redirect, to: other }]
        """);

    [Fact(Timeout = Timeout)]
    public async Task Where_the_further_cluster_is_down_the_connection_ends_and_the_record_says_so()
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Redirecting(port, DaemonTests.UnusedPort()));
        using Socket bystander = await daemon.ConnectAsync(), first = await main.AcceptAsync();
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("here\nthere\n");
        await upstream.HearAsync("here\n");
        await upstream.HearResetAsync();
        await client.HearResetAsync();
        await bystander.SayAsync("here\n");
        await first.HearAsync("here\n");

        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal(
            (EndReason.ConnectFailed, Errno.ECONNREFUSED, "main", "p/there", 5L),
            (record.End, record.Errno, record.Cluster, record.Rule, record.BytesFromClient));
        await daemon.UntilMeasuredAsync("sluice.server.connection.duration", 1, ("cluster", "main"), ("error.type", "connect_failed"));
        await daemon.UntilMeasuredAsync("sluice.client.connect.duration", 1, ("cluster", "other"), ("error.type", "ECONNREFUSED"));
        first.Dispose();
        bystander.Dispose();
        await daemon.UntilNothingIsTakenAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_redirected_connection_takes_a_place_in_its_cluster_and_gives_it_back()
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Redirecting(mainPort, otherPort, ", max_connections: 1"));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("there\n");
        using Socket further = await other.AcceptAsync();
        await further.HearAsync("there\n");
        await daemon.UntilMeasuredAsync("sluice.client.open_connections", 1, ("cluster", "other"));

        using (Socket late = await daemon.ConnectAsync())
        {
            await late.SayAsync("there\n");
            await late.HearResetAsync();
        }

        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.ClusterLimit, "main", "p/there"), (record.End, record.Cluster, record.Rule));
        await client.SayAsync("there again\n");
        await further.HearAsync("there again\n");

        // The server closes: the place is free, and the next message dials anew.
        further.Dispose();
        await daemon.UntilMeasuredAsync("sluice.client.open_connections", 0, ("cluster", "other"));
        using Socket next = await daemon.ConnectAsync();
        await next.SayAsync("there\n");
        using Socket another = await other.AcceptAsync();
        await another.HearAsync("there\n");
        next.Shutdown(SocketShutdown.Send);
        await another.HearLastAsync("");
        next.Dispose();
        another.Dispose();
        client.Dispose();
        upstream.Dispose();
        // The upstreams of the two that came late have been left in the backlog.
        main.Dispose();
        await daemon.UntilNothingIsTakenAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task While_draining_a_redirected_connection_goes_on_and_its_end_ends_the_drain()
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Redirecting(mainPort, otherPort));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("there\n");
        using Socket further = await other.AcceptAsync();
        await further.HearAsync("there\n");

        Task stopping = daemon.StopAsync();
        await client.SayAsync("there\nhere\n");
        await further.HearAsync("there\n");
        await upstream.HearAsync("here\n");
        client.Shutdown(SocketShutdown.Send);
        await further.HearLastAsync("");
        await upstream.HearLastAsync("");
        await further.SayAsync("answer\n");
        upstream.Dispose();
        further.Dispose();
        await client.HearLastAsync("answer\n");
        await stopping;
        Assert.Equal(EndReason.Completed, Assert.Single(await daemon.RecordsAsync(1)).End);
    }

    [Fact(Timeout = Timeout)]
    public async Task After_the_drain_timeout_all_sockets_of_a_redirected_connection_are_reset()
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Redirecting(mainPort, otherPort).DrainingSoon());
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("there\n");
        using Socket further = await other.AcceptAsync();
        await further.HearAsync("there\n");
        await daemon.StopAsync();
        await client.HearResetAsync();
        await upstream.HearResetAsync();
        await further.HearResetAsync();
        await daemon.AssertDrainedAsync(1);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_connection_that_is_drained_while_its_further_cluster_is_dialled_gives_up()
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort);
        using BlackHole hole = await BlackHole.CreateAsync();
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Redirecting(mainPort, hole.Port, ", connect_timeout: 5m").DrainingSoon());
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("here\nthere\n");
        await upstream.HearAsync("here\n");
        await daemon.UntilAsync("\"rule\":\"p/there\"");
        await daemon.StopAsync();
        await client.HearResetAsync();
        await daemon.UntilNothingIsTakenAsync();
        await daemon.AssertDrainedAsync(1);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_further_cluster_that_does_not_answer_ends_the_connection_by_the_connect_timeout()
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort);
        using BlackHole hole = await BlackHole.CreateAsync();
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Redirecting(mainPort, hole.Port, ", connect_timeout: 100ms"));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("there\n");
        await client.HearResetAsync();
        await upstream.HearResetAsync();
        await daemon.UntilNothingIsTakenAsync();
        Assert.Equal(EndReason.ConnectTimeout, Assert.Single(await daemon.RecordsAsync(1)).End);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_behind_the_upstreams_end_reach_their_cluster_though_the_client_closes_too(bool afterAnswer)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Redirecting(mainPort, otherPort));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        upstream.Shutdown(SocketShutdown.Send);
        await client.HearLastAsync("");
        await client.SayAsync("there\n");
        Socket? further = null;
        if (afterAnswer)
        {
            further = await other.AcceptAsync();
            await further.HearAsync("there\n");
            await client.SayAsync("there\n");
        }

        client.Shutdown(SocketShutdown.Send);
        await upstream.HearLastAsync("");
        further ??= await other.AcceptAsync();
        await further.HearLastAsync("there\n");
        further.Dispose();
        await daemon.UntilNothingIsTakenAsync();
        Assert.Equal(EndReason.Completed, Assert.Single(await daemon.RecordsAsync(1)).End);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_reset_of_the_last_upstream_that_is_left_is_no_end_of_the_stream(bool clientHasClosed)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Redirecting(mainPort, otherPort));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("there\n");
        using Socket further = await other.AcceptAsync();
        await further.HearAsync("there\n");
        upstream.Shutdown(SocketShutdown.Send);
        if (clientHasClosed)
        {
            client.Shutdown(SocketShutdown.Send);
            await further.HearLastAsync("");
        }

        await further.SayAsync("half an ans");
        await client.HearAsync("half an ans");
        further.Reset();
        await client.HearResetAsync();
        await daemon.UntilNothingIsTakenAsync();
        Assert.Equal(EndReason.UpstreamReset, Assert.Single(await daemon.RecordsAsync(1)).End);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task However_they_end_many_redirected_connections_give_everything_back(int ending)
    {
        using var main = new EchoServer();
        using var other = new EchoServer();
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Redirecting(main.Port, other.Port));
        for (int round = 0; round < 3; round++)
        {
            Socket[] clients = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => daemon.ConnectAsync()))];
            await Task.WhenAll(clients.Select(async client =>
            {
                await client.SayAsync("there\n");
                await client.HearAsync("there\n");
                await client.SayAsync("here\n");
                await client.HearAsync("here\n");
                if (ending == 0)
                    client.Dispose();
                else if (ending == 1)
                    client.Reset();
                else
                    client.Shutdown(SocketShutdown.Send);
                if (ending == 2)
                    await client.HearLastAsync("");
                client.Dispose();
            }));
            await daemon.UntilNothingIsTakenAsync();
        }

        await daemon.UntilCountedAsync("there", 60);
        Assert.All(await daemon.RecordsAsync(60), record => Assert.Equal(ending == 1 ? EndReason.ClientReset : EndReason.Completed, record.End));
    }

    private static SluiceConfig Redirecting(int main, int other, string cluster = "") =>
        YamlConfigs.Read(main, other, "programs: { from_client: p }", cluster, ToOther);
}
