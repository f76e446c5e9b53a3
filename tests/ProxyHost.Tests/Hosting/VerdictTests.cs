using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>What each verdict does in a running daemon, in both directions, and what is told of it.</summary>
public class VerdictTests
{
    private const int Timeout = 60_000;

    private static readonly string Lines = YamlConfigs.Program("""
        framing: { delimiter: "\n" }
        rules:
          - { name: watched, when: { starts_with: pass }, verdict: drop, shadow: true }
          - { name: gone, when: { starts_with: drop }, verdict: drop }
          - { name: there, when: { starts_with: there }, verdict: redirect, to: other }
          - { name: back, when: { starts_with: back }, verdict: redirect, to: other, ingress: true }
          - { name: edited, when: { starts_with: old }, verdict: pass, pop: { at: 0, bytes: 3 }, push: { at: 0, text: brand-new } }
          - { name: end, when: { starts_with: end }, verdict: reset }
        """);

    [Fact(Timeout = Timeout)]
    public async Task A_listener_of_several_addresses_counts_each_message_once()
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        SluiceConfig config = YamlConfigs.Read(port, DaemonTests.UnusedPort(), "programs: { from_client: p }", more: Lines);
        config = config with { Listeners = [config.Listeners[0] with { Listen = [new("a", Configs.AnyPort), new("b", Configs.AnyPort)] }] };
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config);
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("drop\nplain\n");
        await upstream.HearAsync("plain\n");
        await daemon.UntilCountedAsync("otherwise", 1);
        await daemon.UntilCountedAsync("gone", 1);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("from_client")]
    [InlineData("from_upstream")]
    public async Task Every_verdict_does_what_it_says_to_its_message_and_is_counted(string direction)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(
            YamlConfigs.Read(mainPort, otherPort, $"programs: {{ {direction}: p }}", more: Lines));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        (Socket from, Socket to) = direction == "from_client" ? (client, upstream) : (upstream, client);

        await from.SayAsync("pass\ndrop\nthere 1\nold thing\nplain\nthere 2\n");
        await to.HearAsync("pass\nbrand-new thing\nplain\n");
        using Socket further = await other.AcceptAsync();
        await further.HearAsync("there 1\nthere 2\n");
        await further.SayAsync("answer\n");
        await client.HearAsync("answer\n");
        await from.SayAsync("back\n");
        await client.HearAsync("back\n");
        await daemon.UntilAsync("\"rule\":\"p/back\"");

        await from.SayAsync("last\nend\nnever\n");
        await to.HearAsync("last\n");
        await to.HearResetAsync();
        await from.HearResetAsync();
        await further.HearResetAsync();
        await daemon.UntilNothingIsTakenAsync();
        foreach ((string rule, int count) in ((string, int)[])[("watched", 1), ("gone", 1), ("there", 2), ("back", 1), ("edited", 1), ("end", 1)])
            await daemon.UntilCountedAsync(rule, count);
        await daemon.UntilCountedAsync("otherwise", direction == "from_client" ? 3 : 4); // the answer was judged too
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.RuleReset, "p/end", "main", null), (record.End, record.Rule, record.Cluster, record.Route));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("drop")]
    [InlineData("reset")]
    [InlineData("{ verdict: redirect, to: other }")]
    [InlineData("{ verdict: pass, push: { at: 0, text: x } }")]
    public async Task Otherwise_is_for_what_no_rule_is_about(string otherwise)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(YamlConfigs.Read(
            mainPort, otherPort, "programs: { from_client: p }",
            more: YamlConfigs.Program($$"""
                framing: { fixed_length: 4 }
                rules: [{ name: known, when: { starts_with: know }, verdict: pass }]
                otherwise: {{otherwise}}
                """)));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("knowelseknow");
        client.Shutdown(SocketShutdown.Send);
        switch (otherwise)
        {
            case "drop":
                await upstream.HearLastAsync("knowknow");
                break;
            case "reset":
                await upstream.HearAsync("know");
                await upstream.HearResetAsync();
                break;
            case "{ verdict: redirect, to: other }":
                await upstream.HearLastAsync("knowknow");
                using (Socket further = await other.AcceptAsync())
                    await further.HearLastAsync("else");
                break;
            default:
                await upstream.HearLastAsync("knowxelseknow");
                break;
        }

        upstream.Dispose();
        client.Dispose();
        await daemon.UntilNothingIsTakenAsync();
        await daemon.UntilCountedAsync("otherwise", 1);
        Assert.Equal("p/otherwise", Assert.Single(await daemon.RecordsAsync(1)).Rule);
    }

    [Fact(Timeout = Timeout)]
    public async Task One_program_may_judge_both_directions_and_counts_them_together()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(EchoWith("""
            framing: { delimiter: "\n" }
            rules:
              - { name: up, when: { direction: from_client, starts_with: up }, verdict: drop }
              - { name: down, when: { direction: from_upstream, starts_with: down }, verdict: drop }
              - { name: both, when: { starts_with: both }, verdict: pass }
            """, "{ from_client: p, from_upstream: p }"));
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync("up\ndown\nboth\n");
        await client.HearAsync("both\n");
        await daemon.UntilCountedAsync("up", 1);
        await daemon.UntilCountedAsync("down", 1);
        await daemon.UntilCountedAsync("both", 2);
        await daemon.UntilCountedAsync("otherwise", 1);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_window_to_the_end_of_the_stream_lets_the_program_rest()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(EchoWith("""
            rules: [{ name: hello, when: { starts_with: hello }, verdict: pass, apply_bytes: rest }]
            otherwise: reset
            """));
        using Socket client = await daemon.ConnectAsync();
        foreach (char letter in "hello")
            await client.SayAsync($"{letter}");
        await client.HearAsync("hello");
        for (int i = 0; i < 10; i++)
            await client.PingAsync();
        await daemon.UntilCountedAsync("hello", 1);
        await daemon.UntilCountedAsync("otherwise", 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task Clients_and_upstreams_on_unix_sockets_are_judged_as_well()
    {
        string path = Path.Combine(Path.GetTempPath(), $"sluice-{Guid.NewGuid():N}");
        SluiceConfig config = EchoWith("""
            framing: { fixed_length: 1 }
            rules:
              - { name: unix, when: { family: unix, starts_with: "1" }, verdict: drop }
              - { name: never, when: { any: [{ remote_address: 0.0.0.0/0 }, { local_port: 0-65535 }] }, verdict: reset }
              - { name: there, when: { starts_with: "2" }, verdict: redirect, to: other }
            """);
        config = config with { Listeners = [config.Listeners[0] with { Listen = [new ListenAddress($"unix:{path}", new UnixDomainSocketEndPoint(path))] }] };
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config);
        using (Socket one = await daemon.ConnectAsync(), two = await daemon.ConnectAsync())
        {
            await one.SayAsync("01302");
            await two.SayAsync("11");
            await two.PingAsync();
            byte[] echoed = new byte[4];
            for (int have = 0; have < 4; have += await one.ReceiveAsync(echoed.AsMemory(have), TestContext.Current.CancellationToken))
                Assert.InRange(have, 0, 3);
            // The answers of two clusters come as they are ready.
            Assert.Equal("0023"u8.ToArray(), echoed.Order());
            await daemon.UntilCountedAsync("unix", 3);
            await daemon.UntilCountedAsync("there", 1);
            await daemon.UntilCountedAsync("never", 0);
        }

        await daemon.UntilNothingIsTakenAsync();
    }

    /// <summary>Both clusters are echoes.</summary>
    internal static SluiceConfig EchoWith(string program, string programs = "{ from_client: p }", string listener = "")
    {
        SluiceConfig config = YamlConfigs.Read(1, 1, $"programs: {programs}\n{listener}", more: YamlConfigs.Program(program));
        return config with { Clusters = [.. config.Clusters.Select(cluster => cluster with { Endpoints = [Configs.Builtin("echo")] })] };
    }
}
