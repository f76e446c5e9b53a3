using System.Net;
using Microsoft.Extensions.Logging;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Configurations for tests: every port is the kernel's choice, every timeout finite.</summary>
internal static class Configs
{
    public static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    public static SluiceConfig Of(ClusterConfig cluster, ListenerConfig? listener = null, TimeSpan? drainTimeout = null) => new(
        new AdminConfig(Listen(AnyPort)),
        new RuntimeConfig(2, TransportKind.Reactor, OffloadMode.Off, SpliceMode.Auto, 16 << 20, drainTimeout ?? TimeSpan.FromSeconds(30)),
        new LogConfig(LogLevel.Information, LogFormat.Text, Access: true),
        [listener ?? Listener(cluster: cluster.Name)],
        [cluster]);

    public static SluiceConfig Echo(ListenerConfig? listener = null, TimeSpan? drainTimeout = null) =>
        Of(Cluster("echo", endpoints: Builtin("echo")), listener ?? Listener(cluster: "echo"), drainTimeout);

    public static ListenerConfig Listener(string name = "front", string cluster = "back", EndPoint? address = null, int maxConnections = 1000) => new(
        name, [Listen(address ?? AnyPort)], cluster, maxConnections, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), TimeSpan.FromDays(7));

    public static ClusterConfig Cluster(string name = "back", int attempts = 3, int maxConnections = 1000, params EndpointConfig[] endpoints) => new(
        name, BalanceKind.RoundRobin, [.. endpoints], maxConnections, TimeSpan.FromSeconds(5), attempts);

    public static EndpointConfig Ip(int port) =>
        new($"127.0.0.1:{port}", EndpointKind.Ip, "", 0, new IPEndPoint(IPAddress.Loopback, port));

    public static EndpointConfig Name(string host, int port) => new($"{host}:{port}", EndpointKind.HostName, host, port, null);

    public static EndpointConfig Builtin(string service) => new($"builtin:{service}", EndpointKind.Builtin, service, 0, null);

    private static ListenAddress Listen(EndPoint address) => new(address.ToString()!, address);
}
