using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Tests.Configuration;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Clusters that rules redirect to pick, and let go of, their endpoints as those of listeners do.</summary>
public class FurtherEndpointTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Maglev_takes_a_source_to_the_same_endpoint_of_a_further_cluster()
    {
        using var main = new EchoServer();
        Named[] servers = [.. Enumerable.Range(0, 4).Select(number => new Named($"{number}"))];
        await using RunningDaemon daemon = await StartAsync(main.Port, $"[{string.Join(", ", servers.Select(server => $"127.0.0.1:{server.Port}"))}], balance: maglev");
        Dictionary<string, string> seen = [];
        for (int round = 0; round < 3; round++)
        {
            for (int host = 2; host < 34; host++)
            {
                string source = $"127.0.0.{host}";
                string name = await AskAsync(daemon, source);
                Assert.Equal(name, seen.TryAdd(source, name) ? name : seen[source]);
            }
        }

        Assert.True(seen.Values.Distinct().Count() > 1, "every source went to one endpoint");
        Array.ForEach(servers, server => server.Dispose());
    }

    [Fact(Timeout = Timeout)]
    public async Task An_endpoint_of_a_further_cluster_that_turns_unhealthy_takes_its_connections_along_where_that_is_wanted_and_no_others()
    {
        using var main = new EchoServer();
        using PingServer bad = new(), good = new();
        await using RunningDaemon daemon = await StartAsync(
            main.Port,
            $"[127.0.0.1:{bad.Port}, 127.0.0.1:{good.Port}], close_connections_on_unhealthy: true, " +
            "health_check: { type: send_expect, send: \"PING\\r\\n\", expect: \"+PONG\", interval: 20ms, timeout: 10s, fall: 1 }");
        using Socket first = await daemon.ConnectAsync(), second = await daemon.ConnectAsync(), plain = await daemon.ConnectAsync();
        foreach (Socket client in (Socket[])[first, second])
        {
            await client.SayAsync("there\n");
            await client.HearAsync("+PONG\r\n");
        }

        await plain.SayAsync("here\n");
        await plain.HearAsync("here\n");
        string shown = await daemon.GetAsync($"/connections?endpoint=127.0.0.1:{bad.Port}");
        Assert.Contains($"\"count\":1,", shown, StringComparison.Ordinal);
        Assert.Contains($"\"redirected\":[{{\"cluster\":\"other\",\"endpoint\":\"127.0.0.1:{bad.Port}\"}}]", shown, StringComparison.Ordinal);
        Assert.Contains("\"count\":2,", await daemon.GetAsync("/connections?cluster=other"), StringComparison.Ordinal);

        bad.Answer = "-ERR";
        await first.HearResetAsync();
        Assert.Equal((EndReason.EndpointUnhealthy, "main"), (await daemon.RecordsAsync(1))[0] is var record ? (record.End, record.Cluster) : default);
        await second.SayAsync("there\n");
        await second.HearAsync("+PONG\r\n");
        await plain.SayAsync("here\n");
        await plain.HearAsync("here\n");
    }

    private static async Task<string> AskAsync(RunningDaemon daemon, string source)
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
        await client.ConnectAsync(daemon.EndPoint, TestContext.Current.CancellationToken);
        await client.SayAsync("there\n");
        byte[] name = new byte[1];
        await client.HearBytesAsync(name);
        return $"{(char)name[0]}";
    }

    private static Task<RunningDaemon> StartAsync(int main, string other)
    {
        SluiceConfig config = YamlConfigs.Read(main, 1, "programs: { from_client: p }", more: YamlConfigs.Program("""
            framing: { delimiter: "\n" }
            rules: [{ name: there, when: { starts_with: there }, verdict: redirect, to: other }]
            """));
        ClusterConfig further = Reading.Good($"{Reading.Minimal}  - {{ name: other, endpoints: {other} }}").Clusters[1];
        return RunningDaemon.StartAsync(config with { Clusters = [config.Clusters[0], further] });
    }

    /// <summary>Says its name to whoever connects.</summary>
    private sealed class Named : IDisposable
    {
        private readonly TcpListener _listener;

        public Named(string name)
        {
            _listener = YamlConfigs.Listen(out int port);
            Port = port;
            _ = ServeAsync(name);
        }

        public int Port { get; }

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync(string name)
        {
            try
            {
                while (true)
                    await (await _listener.AcceptAsync()).SayAsync(name);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
