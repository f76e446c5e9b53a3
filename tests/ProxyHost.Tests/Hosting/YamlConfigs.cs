using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Tests.Configuration;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Configurations written as users write them, but for the ports, which are the kernel's choice.</summary>
internal static class YamlConfigs
{
    /// <summary>A listener <c>front</c> of cluster <c>main</c> that may redirect or route to <c>other</c>.</summary>
    /// <param name="main">The port of loopback where cluster <c>main</c> is.</param>
    /// <param name="other">The port of loopback where cluster <c>other</c> is.</param>
    /// <param name="listener">More keys of the listener, as YAML lines.</param>
    /// <param name="cluster">More keys of cluster <c>other</c>, in flow style.</param>
    /// <param name="more">More sections.</param>
    public static SluiceConfig Read(int main, int other, string listener, string cluster = "", string more = "") => OnAnyPort(Reading.Good($$"""
        listeners:
          - name: front
            listen: 127.0.0.1:1
            cluster: main
        {{Indented(listener, "    ")}}
        clusters:
          - { name: main, endpoints: ["127.0.0.1:{{main}}"], connect_attempts: 1 }
          - { name: other, endpoints: ["127.0.0.1:{{other}}"], connect_attempts: 1 {{cluster}} }
        {{more}}
        """));

    /// <summary>A program <c>p</c> whose keys are given as YAML lines.</summary>
    public static string Program(string keys) => $"programs:\n  - name: p\n{Indented(keys, "    ")}";

    /// <summary>The same, with a drain that waits for nobody worth speaking of.</summary>
    public static SluiceConfig DrainingSoon(this SluiceConfig config) =>
        config with { Runtime = config.Runtime with { DrainTimeout = TimeSpan.FromMilliseconds(50) } };

    /// <summary>A server of the test's own, and its port.</summary>
    public static TcpListener Listen(out int port)
    {
        var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        port = ((IPEndPoint)server.LocalEndpoint).Port;
        return server;
    }

    public static Task<Socket> AcceptAsync(this TcpListener server) => server.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask();

    private static SluiceConfig OnAnyPort(SluiceConfig config) => config with
    {
        Runtime = config.Runtime with { Offload = OffloadMode.Off },
        Admin = new AdminConfig(new ListenAddress("any", Configs.AnyPort)),
        Listeners = [.. config.Listeners.Select(listener => listener with { Listen = [new ListenAddress("any", Configs.AnyPort)] })],
    };

    private static string Indented(string lines, string by) => string.Join('\n', lines.Split('\n').Select(line => by + line));
}
