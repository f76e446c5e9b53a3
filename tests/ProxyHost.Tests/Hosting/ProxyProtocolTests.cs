using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;
using Sluice.Redirect.ProxyProtocol;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Connections that begin with a PROXY header, on both transports.</summary>
public class ProxyProtocolTests
{
    private const int Timeout = 60_000;
    private const string Line = "PROXY TCP4 192.0.2.7 198.51.100.2 40000 443\r\n";

    public static TheoryData<TransportKind> Transports => [TransportKind.Reactor, TransportKind.Sockets];

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task A_header_that_comes_byte_by_byte_is_taken_and_nothing_behind_it(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Config(port, port, "required", "127.0.0.0/8"), transport);
        using Socket client = await daemon.ConnectAsync();
        client.NoDelay = true;
        foreach (char letter in Line)
            await client.SayAsync($"{letter}");
        using Socket upstream = await main.AcceptAsync();
        await client.SayAsync("data");
        await upstream.HearAsync("data");
        await daemon.UntilAsync("\"client\":{\"remote\":\"192.0.2.7:40000\",\"local\":\"198.51.100.2:443\"}");
        await daemon.UntilAsync($"\"proxy\":{{\"remote\":\"{client.LocalEndPoint}\",\"local\":\"{daemon.EndPoint}\"}}");
        await upstream.SayAsync("answer");
        upstream.Dispose();
        await client.HearLastAsync("answer");
        string proxy = client.LocalEndPoint!.ToString()!;
        client.Dispose();
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal(("192.0.2.7:40000", proxy, 4L), (record.Client, record.Proxy, record.BytesFromClient));
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task Header_and_data_in_one_segment_are_told_apart_and_routes_see_the_client_and_its_bytes(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(
            Config(mainPort, otherPort, "required", "127.0.0.0/8", "routes: [{ cluster: other, when: { remote_address: 192.0.2.0/24, local_port: 443, starts_with: GET } }]"), transport);
        byte[] header = ProxyHeaderWriter.Write(
            new ProxyHeader(2, ProxyCommand.Proxy, IPEndPoint.Parse("192.0.2.7:40000"), IPEndPoint.Parse("198.51.100.2:443"))
            {
                Tlvs = [new(ProxyTlvType.Authority, "example.org"u8.ToArray()), new(0xE0, new byte[] { 1, 2 })],
            },
            withChecksum: true);
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync(Encoding.Latin1.GetString(header) + "GET /");
        using Socket upstream = await other.AcceptAsync();
        await upstream.HearAsync("GET /");
        await daemon.UntilAsync("\"tlvs\":[\"authority=example.org\",\"0xe0=0x0102\"]");
        client.Reset();
        await upstream.HearResetAsync();
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.ClientReset, "route-1", 5L), (record.End, record.Route, record.BytesFromClient));
    }

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor, "required", "10.0.0.0/8", Line, EndReason.ProxyHeaderUntrusted)]
    [InlineData(TransportKind.Sockets, "required", "10.0.0.0/8", Line, EndReason.ProxyHeaderUntrusted)]
    [InlineData(TransportKind.Reactor, "required", "127.0.0.1", "GET / HTTP/1.1\r\n", EndReason.ProxyHeaderInvalid)]
    [InlineData(TransportKind.Sockets, "required", "127.0.0.1", "GET / HTTP/1.1\r\n", EndReason.ProxyHeaderInvalid)]
    [InlineData(TransportKind.Reactor, "optional", "127.0.0.1", "PROXY TCP4 192.0.2.7 198.51.100.2 40000\r\n", EndReason.ProxyHeaderInvalid)]
    [InlineData(TransportKind.Sockets, "optional", "127.0.0.1", "PROXY TCP4 192.0.2.7 198.51.100.2 40000\r\n", EndReason.ProxyHeaderInvalid)]
    [InlineData(TransportKind.Reactor, "required", "127.0.0.1", "PROXY TCP4 192.0.2.7", EndReason.ProxyHeaderIncomplete)]
    [InlineData(TransportKind.Sockets, "required", "127.0.0.1", "PROXY TCP4 192.0.2.7", EndReason.ProxyHeaderIncomplete)]
    [InlineData(TransportKind.Reactor, "required", "127.0.0.1", "", EndReason.ProxyHeaderIncomplete)]
    public async Task What_is_no_header_of_a_trusted_proxy_is_reset_counted_and_dials_nothing(
        TransportKind transport, string mode, string trusted, string sent, EndReason reason)
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Config(port, port, mode, trusted), transport);
        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            // A refusal may be there before the connect has returned.
            using Socket client = await daemon.ConnectAsync();
            if (reason != EndReason.ProxyHeaderUntrusted)
            {
                await client.SayAsync(sent);
                client.Shutdown(SocketShutdown.Send);
            }

            await client.ReadToEndAsync();
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        await daemon.UntilMeasuredAsync("sluice.server.rejected_connections", 1, ("error.type", reason.Name()));
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((reason, 0), (record.End, record.Attempts));
        Assert.False(main.Pending());
    }

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor, "127.0.0.1", "data", "1h")]
    [InlineData(TransportKind.Sockets, "127.0.0.1", "data", "1h")]
    [InlineData(TransportKind.Reactor, "10.0.0.0/8", Line, "1h")]
    [InlineData(TransportKind.Sockets, "10.0.0.0/8", Line, "1h")]
    [InlineData(TransportKind.Reactor, "127.0.0.1", "PROX", "50ms")]
    [InlineData(TransportKind.Sockets, "127.0.0.1", "PROX", "50ms")]
    [InlineData(TransportKind.Reactor, "127.0.0.1", "", "50ms")]
    public async Task Where_it_is_optional_all_else_is_data(TransportKind transport, string trusted, string sent, string timeout)
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Config(port, port, "optional", trusted, timeout: timeout), transport);
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync(sent);
        using Socket upstream = await main.AcceptAsync();
        await upstream.SayAsync("welcome");
        await client.HearAsync("welcome");
        client.Shutdown(SocketShutdown.Send);
        await upstream.HearLastAsync(sent);
        upstream.Dispose();
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((client.LocalEndPoint!.ToString(), null), (record.Client, record.Proxy));
    }

    [Theory(Timeout = Timeout)]
    [InlineData(TransportKind.Reactor, 1)]
    [InlineData(TransportKind.Reactor, 2)]
    [InlineData(TransportKind.Sockets, 2)]
    public async Task The_health_check_of_a_proxy_in_front_keeps_the_sockets_addresses(TransportKind transport, int version)
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Config(port, port, "required", "127.0.0.1"), transport);
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync(Encoding.Latin1.GetString(ProxyHeaderWriter.Local(version)));
        client.Shutdown(SocketShutdown.Send);
        using (Socket upstream = await main.AcceptAsync())
            await upstream.HearLastAsync("");
        await client.HearLastAsync("");
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.Completed, client.LocalEndPoint!.ToString()), (record.End, record.Client));
    }

    [Fact(Timeout = Timeout)]
    public async Task The_kernel_carries_a_connection_from_behind_its_header()
    {
        Rights.RequireKernel();
        const int Messages = 200;
        using TcpListener main = YamlConfigs.Listen(out int port);
        SluiceConfig config = Config(port, port, "required", "127.0.0.1");
        config = config with
        {
            Runtime = config.Runtime with { Offload = OffloadMode.Sockmap },
            Clusters = [.. config.Clusters.Select(cluster => cluster with { SendProxyProtocol = new SendProxyProtocolConfig(2) })],
        };
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config);
        await daemon.UntilOffloadIsKnownAsync();
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync(Line + "begin");
        using Socket upstream = await main.AcceptAsync();
        await upstream.HearAsync(Encoding.Latin1.GetString(ProxyHeaderWriter.Write(
            new ProxyHeader(2, ProxyCommand.Proxy, IPEndPoint.Parse("192.0.2.7:40000"), IPEndPoint.Parse("198.51.100.2:443")))) + "begin");
        for (int i = 0; i < Messages; i++)
        {
            await client.SayAsync($"{i},");
            await upstream.HearAsync($"{i},");
            await upstream.SayAsync($"{i};");
            await client.HearAsync($"{i};");
        }

        await daemon.UntilAsync("\"path_from_client\":\"sockmap\",\"path_from_upstream\":\"sockmap\"");
        client.Shutdown(SocketShutdown.Send);
        await upstream.HearLastAsync("");
        upstream.Dispose();
        await client.HearLastAsync("");
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        long all = Enumerable.Range(0, Messages).Sum(i => $"{i},".Length);
        Assert.Equal((EndReason.Completed, all + "begin".Length, all), (record.End, record.BytesFromClient, record.BytesFromUpstream));
        await daemon.UntilNothingIsTakenAsync();
    }

    private static SluiceConfig Config(int main, int other, string mode, string trusted, string listener = "", string timeout = "1h") =>
        YamlConfigs.Read(main, other, $"proxy_protocol: {{ mode: {mode}, trusted: {trusted}, timeout: {timeout} }}\n{listener}");
}
