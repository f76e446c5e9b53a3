using System.Net.Sockets;
using System.Text.Json;
using Sluice.ProxyHost.Admin.Live;
using Sluice.ProxyHost.Cli.Top;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>The daemon and the kernel's own path, with real connections.</summary>
public sealed class OffloadTests : IDisposable
{
    private const int Messages = 200;

    private readonly EchoServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_trusted_kernel_carries_connections_and_it_shows()
    {
        Rights.RequireKernel();
        await using RunningDaemon daemon = await StartAsync(OffloadMode.Sockmap);
        await daemon.UntilOffloadIsKnownAsync();
        using (Socket client = await daemon.ConnectAsync())
        {
            await TalkAsync(client);
            Assert.Equal(("sockmap", "sockmap"), await PathsAsync(daemon));
            await daemon.UntilMeasuredAsync("sluice.offload.active_directions", 2);
            await daemon.UntilMeasuredAsync("sluice.offload.pairs", 1);
            await daemon.UntilMeasuredAsync("sluice.offload.promotions", 2);
        }

        await daemon.UntilMeasuredAsync("sluice.offload.fallbacks", 0);
        await AssertAllWasCountedAsync(daemon);
    }

    [Fact(Timeout = 60_000)]
    public async Task Bypass_by_name_lets_applications_send_past_the_daemon_and_it_shows()
    {
        Rights.RequireKernel();
        await using RunningDaemon daemon = await StartAsync(OffloadMode.Bypass);
        await daemon.UntilOffloadIsKnownAsync();
        using (Socket client = await daemon.ConnectAsync())
        {
            MakeNonBlocking(client);
            await TalkAsync(client);
            Assert.Equal("bypass", (await PathsAsync(daemon)).FromClient);
            LiveView before = await daemon.LiveAsync();
            await TalkAsync(client);
            LiveView after = await daemon.UntilLiveAsync(live => live.Connections.Items.Single().BytesFromClient == 2 * Messages);
            Assert.True(new LiveRates(before, after, before).FromClients > 0, "what goes past is no throughput");
            Assert.Equal((1L, true, true), (after.Kernel.Pairs, after.Kernel.ActiveDirections > 0, after.Kernel.Promotions > 0));
            await daemon.UntilMeasuredAsync("sluice.offload.pairs", 1);
        }

        await AssertAllWasCountedAsync(daemon, 2 * Messages);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_takes_bypassed_connections_back()
    {
        Rights.RequireKernel();
        await using RunningDaemon daemon = await StartAsync(OffloadMode.Bypass);
        await daemon.UntilOffloadIsKnownAsync();
        using Socket client = await daemon.ConnectAsync();
        MakeNonBlocking(client);
        await TalkAsync(client);
        await daemon.UntilAsync("\"path_from_client\":\"bypass\"");
        await daemon.ReloadAsync(now => now with { Runtime = now.Runtime with { Offload = OffloadMode.Off } });
        await daemon.UntilAsync("\"path_from_client\":\"copy\",\"path_from_upstream\":\"copy\"");
        await TalkAsync(client);
        await daemon.UntilMeasuredAsync("sluice.offload.active_directions", 0);
        await daemon.UntilMeasuredAsync("sluice.io", 4 * Messages);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_listener_that_comes_to_ask_for_the_bypass_has_it_tried_then()
    {
        Rights.RequireKernel();
        await using RunningDaemon daemon = await StartAsync(OffloadMode.Sockmap);
        await daemon.UntilOffloadIsKnownAsync();
        await daemon.ReloadAsync(now => now with { Runtime = now.Runtime with { Offload = OffloadMode.Bypass } });
        for (bool isPast = false; !isPast;)
        {
            using Socket client = await daemon.ConnectAsync();
            MakeNonBlocking(client);
            await TalkAsync(client);
            isPast = (await daemon.GetAsync("/connections")).Contains("\"path_from_client\":\"bypass\"", StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Bypass_without_rights_warns_and_runs_in_user_space()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(
            $"127.0.0.1:{_server.Port}", "runtime: { offload: bypass }", under: Rights.WithoutBpf);
        await daemon.LineAsync("this kernel is NOT trusted with it and all bytes come through the proxy. bypass_programs: maps or programs cannot be made: EPERM");
        using Socket client = await daemon.ConnectAsync();
        await TalkAsync(client);
        Assert.Contains("\"path_from_client\":\"copy\"", await daemon.GetAsync("/connections"), StringComparison.Ordinal);
        Assert.Contains("reason=\"bypass_programs\"} 1", await daemon.GetAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_listener_may_stay_in_user_space_by_itself()
    {
        await using RunningDaemon daemon = await StartAsync(OffloadMode.Sockmap, own: OffloadMode.Off);
        await daemon.UntilOffloadIsKnownAsync();
        using Socket client = await daemon.ConnectAsync();
        await TalkAsync(client);
        await daemon.UntilAsync("\"path_from_client\":\"copy\",\"path_from_upstream\":\"copy\"");
        await daemon.UntilMeasuredAsync("sluice.offload.fallbacks", 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task Sockmap_without_rights_warns_and_runs_in_user_space()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(
            $"127.0.0.1:{_server.Port}", "runtime: { offload: sockmap }", under: Rights.WithoutBpf);
        await daemon.LineAsync("this kernel is NOT trusted and all connections stay in user space. capabilities: CAP_BPF");
        Assert.Contains(daemon.Lines, line => line.Contains(" warn ", StringComparison.Ordinal) && line.Contains("--cap-add=BPF", StringComparison.Ordinal));
        using Socket client = await daemon.ConnectAsync();
        await TalkAsync(client);
        Assert.Contains("\"path_from_client\":\"copy\"", await daemon.GetAsync("/connections"), StringComparison.Ordinal);
        Assert.Contains("""sluice_offload_fallbacks_total{otel_scope_name="Sluice",reason="capabilities"} 1""", await daemon.GetAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Auto_without_rights_says_so_and_does_not_warn()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync($"127.0.0.1:{_server.Port}", under: Rights.WithoutBpf);
        await daemon.LineAsync("offload: auto stays in user space. capabilities: CAP_BPF");
        Assert.DoesNotContain(daemon.Lines, line => line.Contains(" warn ", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Auto_tells_what_it_measured()
    {
        Rights.RequireKernel();
        await using RunningDaemon daemon = await StartAsync(OffloadMode.Auto);
        await daemon.UntilOffloadIsKnownAsync();
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        bool isUsed = daemon.Logs.Lines.Any(line => line.Contains("auto uses the kernel's sockmap", StringComparison.Ordinal));
        Assert.Contains(daemon.Logs.Lines, line => line.Contains($"auto uses {(isUsed ? "the kernel's sockmap" : "user space")}", StringComparison.Ordinal));
        await daemon.UntilMeasuredAsync("sluice.offload.fallbacks", isUsed ? 0 : 1, isUsed ? [] : [("reason", "calibration")]);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_daemon_that_is_told_to_stop_does_not_wait_for_the_preflight()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync($"127.0.0.1:{_server.Port}", "runtime: { offload: sockmap }");
        await daemon.SignalAsync("TERM");
        Assert.Equal(0, await daemon.ExitCodeAsync());
        await daemon.LineAsync("stopped");
    }

    private Task<RunningDaemon> StartAsync(OffloadMode mode, OffloadMode? own = null)
    {
        SluiceConfig config = Configs.Of(Configs.Cluster(endpoints: Configs.Ip(_server.Port)), Configs.Listener() with { Offload = own });
        return RunningDaemon.StartAsync(config with { Runtime = config.Runtime with { Offload = mode } });
    }

    // Longer than a connection must be to be offered.
    // A member of a map must not block. What these calls do about it is the runtime's.
    private static void MakeNonBlocking(Socket client)
    {
        client.Blocking = false;
        client.Blocking = true;
    }

    // The paths of the only connection.
    private static async Task<(string? FromClient, string? FromUpstream)> PathsAsync(RunningDaemon daemon)
    {
        using JsonDocument connections = JsonDocument.Parse(await daemon.GetAsync("/connections"));
        JsonElement connection = connections.RootElement.GetProperty("connections").EnumerateArray().Single();
        return (connection.GetProperty("path_from_client").GetString(), connection.GetProperty("path_from_upstream").GetString());
    }

    // Of one connection that has ended.
    private static async Task AssertAllWasCountedAsync(RunningDaemon daemon, long messages = Messages)
    {
        AccessRecord record = (await daemon.RecordsAsync(1))[0];
        Assert.Equal((messages, messages), (record.BytesFromClient, record.BytesFromUpstream));
        await daemon.UntilMeasuredAsync("sluice.offload.active_directions", 0);
        await daemon.UntilMeasuredAsync("sluice.io", 2 * messages);
        await daemon.UntilNothingIsTakenAsync();
    }

    private static async Task TalkAsync(Socket client)
    {
        for (int i = 0; i < Messages; i++)
            await client.PingAsync();
    }
}
