using System.Net.Sockets;
using System.Text.Json;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Telemetry;

public class AccessLogTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task An_open_connection_leaves_records_when_it_opens_and_in_intervals()
    {
        await using RunningDaemon daemon = await StartAsync(AccessLogConfig.Default with { AtOpen = true, Interval = TimeSpan.FromSeconds(1) });
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        await daemon.UntilRecordedAsync(record => record.Event == "interval");
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await client.ReadToEndAsync());
        await daemon.UntilRecordedAsync(record => record.End == EndReason.Completed);
        IReadOnlyList<AccessRecord> records = daemon.Logs.Access;
        Assert.Equal(("open", 0L, EndReason.None), (records[0].Event, records[0].BytesFromClient, records[0].End));
        Assert.All(records.Skip(1).SkipLast(1), record => Assert.Equal(("interval", 1L, "copy"), (record.Event, record.BytesFromClient, record.PathFromClient)));
        Assert.Equal((null, EndReason.Completed), (records[^1].Event, records[^1].End));
    }

    [Fact(Timeout = Timeout)]
    public async Task By_default_there_is_one_record()
    {
        await using RunningDaemon daemon = await StartAsync(AccessLogConfig.Default);
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(EndReason.Completed, Assert.Single(await daemon.RecordsAsync(1)).End);
    }

    [Fact(Timeout = Timeout)]
    public async Task Records_may_be_JSON_with_chosen_fields_while_the_log_is_text()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(more: "log: { access: { format: json, fields: [id, end] } }");
        using (Socket client = await daemon.ConnectAsync())
        {
            await client.PingAsync();
        }

        await daemon.LineAsync("\"end\":");
        string line = daemon.Lines.Single(line => line.Contains("\"end\":", StringComparison.Ordinal));
        Assert.Equal(["time", "level", "category", "id", "end"], JsonDocument.Parse(line).RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Contains(daemon.Lines, one => one.Contains(" info ", StringComparison.Ordinal) && one.Contains("ready after", StringComparison.Ordinal));
    }

    private static Task<RunningDaemon> StartAsync(AccessLogConfig access)
    {
        SluiceConfig config = Configs.Echo();
        return RunningDaemon.StartAsync(config with { Log = config.Log with { AccessLog = access } });
    }
}
