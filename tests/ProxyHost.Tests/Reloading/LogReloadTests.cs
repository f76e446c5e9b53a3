using System.Net.Sockets;
using System.Text.Json;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Reloading;

/// <summary>What <c>log</c> says goes from the reload on, for connections that are open as well.</summary>
public class LogReloadTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task The_level_changes()
    {
        await using DaemonProcess daemon = await StartAsync("level: info");
        await ReloadAsync(daemon, "level: info", "level: error");
        await ReloadedAsync(daemon, 2); // nothing says so in the log
        await ReloadAsync(daemon, "level: error", "level: debug");
        await daemon.LineAsync("reload by signal: applied; generation 3 goes");
        await daemon.LineAsync("setting log.level changed: error -> debug");
        Assert.DoesNotContain(daemon.Lines, line => line.Contains("generation 2 goes", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task The_formats_of_the_log_and_of_the_access_log_change_each_by_itself()
    {
        await using DaemonProcess daemon = await StartAsync("format: text, access: { format: text }");
        await ReloadAsync(daemon, "format: text, access: { format: text }", "format: json, access: { format: text, fields: [id, end] }");
        await daemon.LineAsync("generation 2 goes");
        Assert.Equal("info", JsonDocument.Parse(LineWith(daemon, "generation 2 goes")).RootElement.GetProperty("level").GetString());
        await TalkAsync(daemon);
        await daemon.LineAsync("Access: id=1 end=");
        await ReloadAsync(daemon, "format: json, access: { format: text, fields: [id, end] }", "format: text, access: { format: json, fields: [end, id] }");
        await daemon.LineAsync("Reloader: reload by signal: applied; generation 3 goes");
        await TalkAsync(daemon);
        await daemon.LineAsync("\"end\":");
        Assert.Equal(
            ["time", "level", "category", "end", "id"],
            JsonDocument.Parse(LineWith(daemon, "\"end\":")).RootElement.EnumerateObject().Select(member => member.Name));
    }

    [Fact(Timeout = Timeout)]
    public async Task The_access_log_goes_on_and_off_and_open_connections_begin_to_leave_records_in_intervals()
    {
        await using DaemonProcess daemon = await StartAsync("access: false");
        await TalkAsync(daemon);
        using Socket open = await daemon.ConnectAsync();
        await open.PingAsync();
        await ReloadAsync(daemon, "access: false", "access: { fields: [event, id, end], interval: 1s, at_open: true }");
        await daemon.LineAsync("generation 2 goes");
        await daemon.LineAsync("Access: event=interval id=2"); // it was open before
        using (Socket other = await daemon.ConnectAsync())
            await daemon.LineAsync("Access: event=open id=3");
        await daemon.LineAsync("Access: id=3 end=");
        await ReloadAsync(daemon, "access: { fields: [event, id, end], interval: 1s, at_open: true }", "access: { fields: [id, end] }");
        await daemon.LineAsync("generation 3 goes");
        int intervals = daemon.Lines.Count(line => line.Contains("event=interval", StringComparison.Ordinal));
        open.Dispose();
        await daemon.LineAsync("Access: id=2 end=");
        Assert.Equal(intervals, daemon.Lines.Count(line => line.Contains("event=interval", StringComparison.Ordinal)));
        await ReloadAsync(daemon, "access: { fields: [id, end] }", "access: false");
        await daemon.LineAsync("generation 4 goes");
        await TalkAsync(daemon);
        await daemon.UntilAsync("/live", text => JsonDocument.Parse(text).RootElement.GetProperty("connections").GetProperty("count").GetInt32() == 0);
        Assert.Equal(2, daemon.Lines.Count(line => line.Contains(" end=", StringComparison.Ordinal)));
    }

    [Fact(Timeout = Timeout)]
    public async Task Sampling_begins()
    {
        await using DaemonProcess daemon = await StartAsync("access: { fields: [id, left_out] }");
        for (int i = 0; i < 3; i++)
            await TalkAsync(daemon);
        await daemon.LineAsync("Access: id=3");
        await ReloadAsync(daemon, "access: { fields: [id, left_out] }", "access: { fields: [id, left_out], sample: 1 }");
        await daemon.LineAsync("generation 2 goes");
        while (!daemon.Lines.Any(line => line.Contains("left_out=", StringComparison.Ordinal)))
            await TalkAsync(daemon);
    }

    private static Task<DaemonProcess> StartAsync(string log) => DaemonProcess.StartAsync(more: $"log: {{ {log} }}");

    private static async Task ReloadAsync(DaemonProcess daemon, string before, string after)
    {
        await daemon.EditAsync(text => text.Replace($"log: {{ {before} }}", $"log: {{ {after} }}", StringComparison.Ordinal));
        await daemon.SignalAsync("HUP");
    }

    private static Task ReloadedAsync(DaemonProcess daemon, int generation) =>
        daemon.UntilAsync("/config", text => JsonDocument.Parse(text).RootElement.GetProperty("generation").GetInt32() == generation);

    private static string LineWith(DaemonProcess daemon, string text) => daemon.Lines.First(line => line.Contains(text, StringComparison.Ordinal));

    private static async Task TalkAsync(DaemonProcess daemon)
    {
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await client.ReadToEndAsync());
    }
}
