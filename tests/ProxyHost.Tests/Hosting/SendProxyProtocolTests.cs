using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;
using Sluice.Redirect.ProxyProtocol;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>What servers get before the client's first byte, on both transports.</summary>
public class SendProxyProtocolTests
{
    private const int Timeout = 60_000;

    public static TheoryData<TransportKind> Transports => [TransportKind.Reactor, TransportKind.Sockets];

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task The_header_comes_first_also_where_the_server_speaks_first_and_counts_as_no_byte_of_the_client(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(
            YamlConfigs.Read(mainPort, otherPort, "routes: [{ cluster: other, when: { family: ipv4 } }]", ", send_proxy_protocol: v1"), transport);
        using Socket client = await daemon.ConnectAsync();
        using Socket upstream = await other.AcceptAsync();
        var from = (IPEndPoint)client.LocalEndPoint!;
        await upstream.HearAsync($"PROXY TCP4 127.0.0.1 127.0.0.1 {from.Port} {daemon.EndPoint.Port}\r\n");
        await upstream.SayAsync("welcome");
        await client.HearAsync("welcome");
        await client.SayAsync("data");
        client.Shutdown(SocketShutdown.Send);
        await upstream.HearLastAsync("data");
        upstream.Dispose();
        await client.HearLastAsync("");
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.Completed, 4L), (record.End, record.BytesFromClient));
        await daemon.UntilNothingIsTakenAsync();
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task Version_2_tells_who_the_client_of_a_proxy_in_front_is_and_passes_its_names_on(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(
            YamlConfigs.Read(mainPort, otherPort, "proxy_protocol: { trusted: 127.0.0.1 }\nroutes: [{ cluster: other, when: { family: ipv6 } }]",
                ", send_proxy_protocol: { version: v2, checksum: true, tlvs: [authority, unique_id, { type: 0xE0, text: eu }, { type: 0xE1, hex: \"01 02\" }] }"), transport);
        var told = new ProxyHeader(2, ProxyCommand.Proxy, IPEndPoint.Parse("[2001:db8::1]:5"), IPEndPoint.Parse("[2001:db8::2]:443"))
        {
            Tlvs = [new(ProxyTlvType.Authority, "example.org"u8.ToArray())],
        };
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync(Encoding.Latin1.GetString(ProxyHeaderWriter.Write(told)) + "data");
        using Socket upstream = await other.AcceptAsync();
        client.Shutdown(SocketShutdown.Send);
        byte[] bytes = await upstream.ReadToEndAsync();
        ProxyHeaderResult read = ProxyHeaderReader.Read(bytes);
        Assert.True(read.IsComplete, read.Problem);
        Assert.Equal("data", Encoding.ASCII.GetString(bytes.AsSpan(read.Consumed)));
        Assert.Equal((told.Source, told.Destination), (read.Header.Source, read.Header.Destination));
        Assert.Equal([2, 5, 0xE0, 0xE1], read.Header.Tlvs.Select(tlv => (int)tlv.Type));
        string[] values = TlvWords.Of(read.Header)!;
        upstream.Dispose();
        await client.HearLastAsync("");
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal(("authority=example.org", "0xe0=eu", "0xe1=0x0102"), (values[0], values[2], values[3]));
        Assert.EndsWith($"-{record.Id}", values[1], StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Transports))]
    public async Task Routes_that_have_seen_the_name_in_a_ClientHello_tell_it(TransportKind transport)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(
            YamlConfigs.Read(mainPort, otherPort, "routes: [{ cluster: other, when: { sni: \"*.example.org\" } }]",
                ", send_proxy_protocol: { version: v2, tlvs: [authority] }"), transport);
        using Socket client = await daemon.ConnectAsync();
        using var tls = new System.Net.Security.SslStream(new NetworkStream(client));
        Task handshake = tls.AuthenticateAsClientAsync("a.example.org");
        using Socket upstream = await other.AcceptAsync();
        byte[] begin = new byte[16 + 12 + 3 + "a.example.org".Length];
        await upstream.HearBytesAsync(begin);
        Assert.Equal("authority=a.example.org", Assert.Single(TlvWords.Of(ProxyHeaderReader.Read(begin).Header)!));
        upstream.Reset();
        await Assert.ThrowsAnyAsync<Exception>(() => handshake);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("v1", "PROXY UNKNOWN\r\n")]
    [InlineData("v2", "\r\n\r\n\0\r\nQUIT\n\x21\0\0\0")]
    public async Task A_client_of_a_unix_socket_has_no_address_to_tell(string version, string header)
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        SluiceConfig config = YamlConfigs.Read(mainPort, otherPort, "routes: [{ cluster: other, when: { family: unix } }]", $", send_proxy_protocol: {version}");
        var address = new UnixDomainSocketEndPoint($"\0sluice-test-{Guid.NewGuid():N}");
        config = config with { Listeners = [config.Listeners[0] with { Listen = [new ListenAddress("unix", address)] }] };
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(config);
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync("data");
        using Socket upstream = await other.AcceptAsync();
        await upstream.HearAsync(header + "data");
    }

    [Fact(Timeout = Timeout)]
    public async Task A_cluster_that_a_rule_redirects_to_gets_it_as_well()
    {
        using TcpListener main = YamlConfigs.Listen(out int mainPort), other = YamlConfigs.Listen(out int otherPort);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(YamlConfigs.Read(
            mainPort, otherPort, "programs: { from_client: p }", ", send_proxy_protocol: v1",
            YamlConfigs.Program("rules: [{ name: r, when: { starts_with: GET }, verdict: redirect, to: other }]")));
        using Socket client = await daemon.ConnectAsync();
        using Socket unused = await main.AcceptAsync();
        await client.SayAsync("GET /");
        using Socket upstream = await other.AcceptAsync();
        await upstream.HearAsync($"PROXY TCP4 127.0.0.1 127.0.0.1 {((IPEndPoint)client.LocalEndPoint!).Port} {daemon.EndPoint.Port}\r\nGET /");
    }
}
