using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>HAProxy in front of the daemon writes the headers it reads, and HAProxy behind it reads the headers it writes.</summary>
public sealed class ProxyProtocolTests
{
    [Theory(Timeout = 120_000)]
    [InlineData("reactor", "send-proxy", "v2")]
    [InlineData("reactor", "send-proxy-v2", "v1")]
    [InlineData("reactor", "send-proxy-v2-ssl-cn proxy-v2-options crc32c,unique-id", "v2")]
    [InlineData("sockets", "send-proxy-v2", "v2")]
    public async Task WhoTheClientIsGoesThroughHaProxyAndTheDaemonAndHaProxy(string transport, string sends, string version)
    {
        using var server = new Server();
        await using HaProxyProcess behind = await HaProxyProcess.StartAsync(server.EndPoint, server: "send-proxy", bind: "accept-proxy");
        string upstream = behind.EndPoint.ToString();
        await using SluiceProcess sluice = await SluiceProcess.StartAsync(
            [upstream], transport, ["proxy_protocol: { mode: required, trusted: 127.0.0.1 }"],
            [version == "v1" ? "send_proxy_protocol: v1" : "send_proxy_protocol: { version: v2, checksum: true, tlvs: [authority, unique_id, { type: 0xE0, text: x }] }"]);
        await using HaProxyProcess before = await HaProxyProcess.StartAsync(sluice.To(upstream), server: sends);

        using Socket client = await Sockets.DialAsync(before.EndPoint);
        await client.SendAllAsync("question"u8.ToArray());
        using Socket accepted = await server.AcceptAsync();
        byte[] expected = Encoding.ASCII.GetBytes($"PROXY TCP4 127.0.0.1 127.0.0.1 {((IPEndPoint)client.LocalEndPoint!).Port} {before.EndPoint.Port}\r\nquestion");
        Assert.Equal(Encoding.ASCII.GetString(expected), Encoding.ASCII.GetString(await accepted.ReceiveExactlyAsync(expected.Length)));
        await accepted.SendAllAsync("answer"u8.ToArray());
        accepted.SendFin();
        await client.AssertEndsAsync("answer"u8.ToArray(), Ending.Fin);
    }
}
