using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Who is let in to a listener, on both transports.</summary>
public class AdmissionTests
{
    private const int Timeout = 60_000;
    private const string AnHour = "per: 1h";

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor, "access: { deny: 127.0.0.0/8 }", 0, EndReason.AddressDenied)]
    [InlineData(TransportKind.Sockets, "access: { deny: 127.0.0.0/8 }", 0, EndReason.AddressDenied)]
    [InlineData(TransportKind.Reactor, "access: { allow: [10.0.0.0/8, 127.0.0.0/16], deny: 127.0.0.1 }", 0, EndReason.AddressDenied)]
    [InlineData(TransportKind.Reactor, $"rate: {{ connections: 2, {AnHour} }}", 2, EndReason.ListenerRate)]
    [InlineData(TransportKind.Sockets, $"rate: {{ connections: 2, {AnHour} }}", 2, EndReason.ListenerRate)]
    [InlineData(TransportKind.Reactor, $"per_source: {{ rate: {{ connections: 9, burst: 2, {AnHour} }} }}", 2, EndReason.SourceRate)]
    [InlineData(TransportKind.Sockets, $"per_source: {{ rate: {{ connections: 9, burst: 2, {AnHour} }} }}", 2, EndReason.SourceRate)]
    [InlineData(TransportKind.Reactor, "per_source: { max_connections: 1 }", 1, EndReason.SourceLimit)]
    [InlineData(TransportKind.Sockets, "per_source: { max_connections: 1 }", 1, EndReason.SourceLimit)]
    public async Task Beyond_a_limit_a_client_is_reset_and_counted_and_nothing_is_dialled(TransportKind transport, string listener, int within, EndReason reason)
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(YamlConfigs.Read(port, port, listener), transport);
        List<Socket> open = [];
        for (int i = 0; i < within; i++)
        {
            open.Add(await daemon.ConnectAsync());
            open.Add(await main.AcceptAsync());
        }

        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            // A refusal may be there before the connect has returned.
            using Socket refused = await daemon.ConnectAsync();
            await refused.ReadToEndAsync();
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((reason, 0), (record.End, record.Attempts));
        await daemon.UntilMeasuredAsync("sluice.server.rejected_connections", 1, ("error.type", reason.Name()));
        Assert.False(main.Pending());
        foreach (Socket socket in open)
            socket.Dispose();
        await daemon.UntilNothingIsTakenAsync();
    }

    [Theory(Timeout = Timeout)]
    [InlineData("access: { deny: 127.0.0.0/8, dry_run: true }", EndReason.AddressDenied)]
    [InlineData($"rate: {{ connections: 1, {AnHour}, dry_run: true }}", EndReason.ListenerRate)]
    [InlineData($"per_source: {{ rate: {{ connections: 1, {AnHour}, dry_run: true }} }}", EndReason.SourceRate)]
    [InlineData("per_source: { max_connections: 1, dry_run: true }", EndReason.SourceLimit)]
    public async Task A_dry_run_lets_everybody_in_and_says_whom_it_would_not(string listener, EndReason reason)
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(YamlConfigs.Read(port, port, listener));
        using Socket first = await daemon.ConnectAsync(), firstUpstream = await main.AcceptAsync();
        long before = reason == EndReason.AddressDenied ? 1 : 0;
        await daemon.UntilMeasuredAsync("sluice.server.dry_run_rejections", before);
        using Socket second = await daemon.ConnectAsync(), secondUpstream = await main.AcceptAsync();
        await daemon.UntilMeasuredAsync("sluice.server.dry_run_rejections", before + 1, ("error.type", reason.Name()));
        await second.SayAsync("data");
        await secondUpstream.HearAsync("data");
        second.Dispose();
        secondUpstream.Dispose();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.Completed, reason), (record.End, record.WouldRefuse));
        await daemon.UntilMeasuredAsync("sluice.server.rejected_connections", 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task Behind_a_proxy_the_source_is_the_client_it_tells_of()
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(YamlConfigs.Read(
            port, port, "proxy_protocol: { trusted: 127.0.0.1 }\naccess: { deny: 192.0.2.0/24 }\nper_source: { max_connections: 1, ipv4_prefix: 24 }"));
        using Socket first = await SayHeaderAsync(daemon, "198.51.100.1"), upstream = await main.AcceptAsync();
        using Socket denied = await SayHeaderAsync(daemon, "192.0.2.1");
        await denied.HearResetAsync();
        using Socket tooMany = await SayHeaderAsync(daemon, "198.51.100.2");
        await tooMany.HearResetAsync();
        using Socket other = await SayHeaderAsync(daemon, "203.0.113.1"), otherUpstream = await main.AcceptAsync();
        // Each on its reactor: which record is written first is nobody's promise.
        Assert.Equal([EndReason.AddressDenied, EndReason.SourceLimit], (await daemon.RecordsAsync(2)).Select(record => record.End).Order());
    }

    private static async Task<Socket> SayHeaderAsync(RunningDaemon daemon, string source)
    {
        Socket client = await daemon.ConnectAsync();
        await client.SayAsync($"PROXY TCP4 {source} 198.51.100.9 1 2\r\n");
        return client;
    }
}
