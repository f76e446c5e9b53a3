using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>What the daemon does to connections whose bytes it does not see, with real ones: each end, its reason and its bytes.</summary>
public sealed class BypassTests : IDisposable
{
    private const int Timeout = 60_000;
    private const int Patience = 1000;
    private const string Token = "s3cret";
    private const string Past = "\"path_from_client\":\"bypass\",\"path_from_upstream\":\"bypass\"";
    private const string Copied = "\"path_from_client\":\"copy\",\"path_from_upstream\":\"copy\"";

    private readonly TcpListener _server = YamlConfigs.Listen(out _);
    private readonly string _token = Path.Combine(Path.GetTempPath(), $"sluice-token-{Guid.NewGuid():N}");

    public void Dispose()
    {
        _server.Dispose();
        File.Delete(_token);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_admin_endpoint_resets_both_ends_and_every_byte_is_counted()
    {
        await using RunningDaemon daemon = await StartAsync();
        await using Talk talk = await BypassedAsync(daemon);
        Assert.Equal(403, (int)(await daemon.SendAsync(HttpMethod.Delete, "/connections/1")).StatusCode);
        await talk.ExchangeAsync();
        Assert.Equal(200, (int)(await daemon.SendAsync(HttpMethod.Delete, "/connections/1", Token)).StatusCode);
        await talk.HearResetsAsync();
        await AssertEndedAsync(daemon, EndReason.ClosedByAdmin, talk.Count);
    }

    [Fact(Timeout = Timeout)]
    public async Task Past_TCP_as_well_it_is_counted_and_ends_as_it_was_ended()
    {
        await using RunningDaemon daemon = await StartAsync(isIngress: true);
        await using (Talk talk = await BypassedAsync(daemon))
        {
            await talk.ExchangeAsync();
            await talk.FinishAsync();
            await AssertEndedAsync(daemon, EndReason.Completed, talk.Count);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Past_TCP_as_well_the_admin_endpoint_resets_both_ends()
    {
        await using RunningDaemon daemon = await StartAsync(isIngress: true);
        await using Talk talk = await BypassedAsync(daemon);
        Assert.Equal(200, (int)(await daemon.SendAsync(HttpMethod.Delete, "/connections/1", Token)).StatusCode);
        await talk.HearResetsAsync();
        await AssertEndedAsync(daemon, EndReason.ClosedByAdmin, talk.Count);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_drain_lets_it_go_on_past_the_daemon_until_it_has_ended_by_itself()
    {
        await using RunningDaemon daemon = await StartAsync();
        await using Talk talk = await BypassedAsync(daemon);
        Task stopping = daemon.StopAsync();
        await daemon.UntilLoggedAsync("stopping: 1 connections have up to");
        await talk.ExchangeAsync();
        Assert.Contains(Past, await daemon.GetAsync("/connections"), StringComparison.Ordinal);
        Assert.False(stopping.IsCompleted);
        await talk.FinishAsync();
        await stopping;
        AccessRecord record = Assert.Single(daemon.Logs.Access);
        Assert.Equal((EndReason.Completed, talk.Count, talk.Count), (record.End, record.BytesFromClient, record.BytesFromUpstream));
    }

    [Fact(Timeout = Timeout)]
    public async Task After_the_drain_timeout_it_is_reset_and_every_byte_is_counted()
    {
        await using RunningDaemon daemon = await StartAsync(drainTimeout: TimeSpan.FromMilliseconds(50));
        await using Talk talk = await BypassedAsync(daemon);
        await talk.ExchangeAsync();
        await daemon.StopAsync();
        await talk.HearResetsAsync();
        AccessRecord record = Assert.Single(daemon.Logs.Access);
        Assert.Equal((EndReason.Drained, talk.Count, talk.Count), (record.End, record.BytesFromClient, record.BytesFromUpstream));
    }

    [Fact(Timeout = Timeout)]
    public async Task Silence_ends_it_as_idle()
    {
        await using RunningDaemon daemon = await StartAsync(listener => listener with { IdleTimeout = TimeSpan.FromSeconds(2) });
        await using Talk talk = await BypassedAsync(daemon);
        await talk.HearResetsAsync();
        await AssertEndedAsync(daemon, EndReason.IdleTimeout, talk.Count);
    }

    [Fact(Timeout = Timeout)]
    public async Task Nothing_that_goes_past_the_daemon_makes_it_last_longer_than_it_may()
    {
        await using RunningDaemon daemon = await StartAsync(listener => listener with { MaxDuration = TimeSpan.FromSeconds(5) });
        await using Talk talk = await BypassedAsync(daemon);
        await Assert.ThrowsAnyAsync<SocketException>(talk.GoOnAsync);
        AccessRecord record = (await daemon.RecordsAsync(1))[0];
        Assert.Equal(EndReason.MaxDuration, record.End);
        Assert.InRange(record.BytesFromClient, talk.Count, talk.Count + 1); // the last may have arrived nowhere
        Assert.InRange(record.BytesFromUpstream, talk.Count, talk.Count + 1);
        await daemon.UntilNothingIsTakenAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_cluster_has_it_by_itself_and_a_reload_of_the_cluster_takes_it_back()
    {
        await using RunningDaemon daemon = await StartAsync(own: OffloadMode.Bypass, listener: OffloadMode.Off);
        await using Talk talk = await BypassedAsync(daemon);
        await daemon.UntilMeasuredAsync("sluice.offload.active_directions", 2);
        await daemon.ReloadAsync(now => now with { Clusters = [now.Clusters[0] with { Offload = null }] });
        await daemon.UntilAsync(Copied);
        await daemon.UntilMeasuredAsync("sluice.offload.active_directions", 0);
        await talk.ExchangeAsync();
        await talk.FinishAsync();
        await AssertEndedAsync(daemon, EndReason.Completed, talk.Count);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_reload_of_another_cluster_leaves_it_where_it_is()
    {
        await using RunningDaemon daemon = await StartAsync();
        await using Talk talk = await BypassedAsync(daemon);
        await daemon.ReloadAsync(now => now with { Clusters = [.. now.Clusters, Configs.Cluster("other", endpoints: Configs.Ip(1)) with { Offload = OffloadMode.Off }] });
        await talk.ExchangeAsync();
        Assert.Contains(Past, await daemon.GetAsync("/connections"), StringComparison.Ordinal);
        await daemon.UntilMeasuredAsync("sluice.offload.demotions", 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task Auto_goes_by_what_the_preflight_found_that_applications_are_told()
    {
        await using RunningDaemon daemon = await StartAsync(listener: OffloadMode.Auto);
        bool isIntact = daemon.Model.Offload.BypassReport!.IsIntact;
        await using Talk talk = await Talk.OpenAsync(daemon, _server);
        while (talk.Count < Patience)
            await talk.ExchangeAsync();
        Assert.Equal(isIntact, (await daemon.GetAsync("/connections")).Contains(Past, StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_cluster_that_stays_out_of_the_kernel_counts_no_fallback()
    {
        await using RunningDaemon daemon = await StartAsync(own: OffloadMode.Off, listener: OffloadMode.Sockmap);
        Assert.DoesNotContain(daemon.Logs.Lines, line => line.Contains("trusted", StringComparison.Ordinal)); // nobody wanted it, so nothing was tried
        await using Talk talk = await Talk.OpenAsync(daemon, _server);
        await talk.ExchangeAsync();
        await daemon.UntilAsync(Copied);
        await daemon.UntilMeasuredAsync("sluice.offload.fallbacks", 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_cluster_may_have_the_sockmap_where_its_listener_has_the_bypass_and_gives_it_back()
    {
        Rights.RequireKernel();
        using var echo = new EchoServer();
        SluiceConfig config = Configs.Of(
            Configs.Cluster(endpoints: Configs.Ip(echo.Port)) with { Offload = OffloadMode.Sockmap }, Configs.Listener() with { Offload = OffloadMode.Bypass });
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config);
        await daemon.UntilOffloadIsKnownAsync();
        using Socket client = await daemon.ConnectAsync();
        _ = await daemon.UntilInKernelAsync(client);
        await daemon.ReloadAsync(now => now with { Clusters = [now.Clusters[0] with { Offload = OffloadMode.Off }] });
        while (!(await daemon.GetAsync("/connections")).Contains(Copied, StringComparison.Ordinal))
            await client.PingAsync(); // a direction comes back with what it carries
    }

    [Fact(Timeout = Timeout)]
    public async Task What_a_rule_takes_to_another_cluster_goes_by_the_connections_own()
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(YamlConfigs.Read(
            mainPort, otherPort, "programs: { from_client: p }", ", offload: bypass", YamlConfigs.Program("""
                framing: { delimiter: "\n" }
                rules: [{ name: there, when: { starts_with: there }, verdict: redirect, to: other }]
                """)));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("here\nthere\n");
        await upstream.HearAsync("here\n");
        using Socket further = await other.AcceptAsync();
        await further.HearAsync("there\n");
        await daemon.UntilMeasuredAsync("sluice.offload.pairs", 0);
        await daemon.UntilMeasuredAsync("sluice.offload.fallbacks", 0); // its own cluster wants no kernel
    }

    private async Task<RunningDaemon> StartAsync(
        Func<ListenerConfig, ListenerConfig>? change = null, TimeSpan? drainTimeout = null, OffloadMode? own = null, OffloadMode listener = OffloadMode.Bypass, bool isIngress = false)
    {
        Rights.RequireKernel();
        await File.WriteAllTextAsync(_token, Token + "\n", TestContext.Current.CancellationToken);
        int port = ((System.Net.IPEndPoint)_server.LocalEndpoint).Port;
        ListenerConfig front = Configs.Listener() with { Offload = listener };
        SluiceConfig config = Configs.Of(Configs.Cluster(endpoints: Configs.Ip(port)) with { Offload = own }, change?.Invoke(front) ?? front, drainTimeout);
        config = config with { Runtime = config.Runtime with { IngressBypass = isIngress } };
        RunningDaemon daemon = await RunningDaemon.StartAsync(config with { Admin = config.Admin with { TokenFile = _token } });
        await daemon.UntilOffloadIsKnownAsync();
        return daemon;
    }

    private async Task<Talk> BypassedAsync(RunningDaemon daemon)
    {
        Talk talk = await Talk.OpenAsync(daemon, _server);
        for (string connections = ""; !connections.Contains(Past, StringComparison.Ordinal); connections = await daemon.GetAsync("/connections"))
        {
            Assert.True(talk.Count < Patience, $"{connections}: {string.Join('\n', (await daemon.GetAsync("/metrics")).Split('\n').Where(line => line.Contains("fallbacks", StringComparison.Ordinal)))}");
            await talk.ExchangeAsync();
        }

        return talk;
    }

    private static async Task AssertEndedAsync(RunningDaemon daemon, EndReason reason, long bytes)
    {
        AccessRecord record = (await daemon.RecordsAsync(1))[0];
        Assert.Equal((reason, bytes, bytes), (record.End, record.BytesFromClient, record.BytesFromUpstream));
        await daemon.UntilMeasuredAsync("sluice.offload.active_directions", 0);
        await daemon.UntilMeasuredAsync("sluice.io", 2 * bytes);
        await daemon.UntilNothingIsTakenAsync();
    }

    /// <summary>Both ends of one connection, which send each other one byte after the other.</summary>
    private sealed class Talk(Socket client, Socket upstream) : IAsyncDisposable
    {
        private const int Turns = 20;

        /// <summary>Bytes that have arrived at either end.</summary>
        public long Count { get; private set; }

        public static async Task<Talk> OpenAsync(RunningDaemon daemon, TcpListener server)
        {
            Socket client = await daemon.ConnectAsync(), upstream = await server.AcceptAsync();
            foreach (Socket socket in (Socket[])[client, upstream])
                socket.Blocking = false; // a member of a map must not block, and what these calls do about it is the runtime's
            return new Talk(client, upstream);
        }

        public async Task ExchangeAsync()
        {
            for (int i = 0; i < Turns; i++, Count++)
            {
                await client.SayAsync("a");
                await upstream.HearAsync("a");
                await upstream.SayAsync("b");
                await client.HearAsync("b");
            }
        }

        /// <summary>Until the connection is no more.</summary>
        public async Task GoOnAsync()
        {
            while (true)
                await ExchangeAsync();
        }

        public async Task FinishAsync()
        {
            client.Shutdown(SocketShutdown.Send);
            Assert.Empty(await upstream.ReadToEndAsync());
            upstream.Shutdown(SocketShutdown.Send);
            Assert.Empty(await client.ReadToEndAsync());
        }

        public async Task HearResetsAsync()
        {
            await client.HearResetAsync();
            await upstream.HearResetAsync();
        }

        public ValueTask DisposeAsync()
        {
            client.Dispose();
            upstream.Dispose();
            return default;
        }
    }
}
