using System.Net;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

public class DefaultsTests
{
    [Fact]
    public void The_smallest_configuration_gets_every_documented_default()
    {
        SluiceConfig config = Reading.Good(Reading.Minimal);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9901), config.Admin.Listen.EndPoint);
        Assert.Equal(
            new RuntimeConfig(Math.Min(256, Environment.ProcessorCount), TransportKind.Reactor, OffloadMode.Auto, SpliceMode.Auto, 64L << 20, TimeSpan.FromSeconds(30)),
            config.Runtime);
        Assert.Equal(new LogConfig(Microsoft.Extensions.Logging.LogLevel.Information, LogFormat.Text, Access: true), config.Log);
        ListenerConfig listener = Assert.Single(config.Listeners);
        Assert.Equal((256L << 20, null, null), (config.Runtime.OffloadMemory, listener.Offload, config.Clusters[0].Offload));
        Assert.Equal(
            (10_000, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), TimeSpan.FromDays(7)),
            (listener.MaxConnections, listener.IdleTimeout, listener.HalfClosedIdleTimeout, listener.MaxDuration));
        ClusterConfig cluster = Assert.Single(config.Clusters);
        Assert.Equal(
            (BalanceKind.RoundRobin, 10_000, TimeSpan.FromSeconds(5), 3),
            (cluster.Balance, cluster.MaxConnections, cluster.ConnectTimeout, cluster.ConnectAttempts));
    }

    [Fact]
    public void Every_key_can_be_given()
    {
        SluiceConfig config = Reading.Good("""
            admin: { listen: "unix:@admin" }
            runtime: { reactors: 3, transport: sockets, offload: off, offload_memory: 1MiB, ingress_bypass: true, splice: off, buffer_memory: 1GiB, drain_timeout: 1m30s }
            log: { level: warning, format: json, access: false }
            listeners:
              - { name: l, listen: ["[::]:0", unix:/run/l.sock], cluster: c, offload: sockmap, max_connections: 7, idle_timeout: 1ms, half_closed_idle_timeout: 2s, max_duration: 365d }
            clusters:
              - { name: c, balance: least_connections, endpoints: [db.example:5432, builtin:discard], max_connections: 9, offload: bypass, connect_timeout: 250ms, connect_attempts: 100 }
            """);
        Assert.Equal(new RuntimeConfig(3, TransportKind.Sockets, OffloadMode.Off, SpliceMode.Off, 1L << 30, TimeSpan.FromSeconds(90)) { OffloadMemory = 1 << 20, IngressBypass = true }, config.Runtime);
        Assert.Equal(new LogConfig(Microsoft.Extensions.Logging.LogLevel.Warning, LogFormat.Json, Access: false), config.Log);
        Assert.Equal("unix:@admin", config.Admin.Listen.Text);
        ListenerConfig listener = Assert.Single(config.Listeners);
        Assert.Equal((OffloadMode.Sockmap, OffloadMode.Bypass), (listener.Offload, config.Clusters[0].Offload));
        Assert.Equal(["[::]:0", "unix:/run/l.sock"], listener.Listen.Select(l => l.Text));
        Assert.Equal(
            ("l", "c", 7, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromDays(365)),
            (listener.Name, listener.Cluster, listener.MaxConnections, listener.IdleTimeout, listener.HalfClosedIdleTimeout, listener.MaxDuration));
        ClusterConfig cluster = Assert.Single(config.Clusters);
        Assert.Equal(
            ("c", BalanceKind.LeastConnections, 9, TimeSpan.FromMilliseconds(250), 100),
            (cluster.Name, cluster.Balance, cluster.MaxConnections, cluster.ConnectTimeout, cluster.ConnectAttempts));
        Assert.Equal(new EndpointConfig("db.example:5432", EndpointKind.HostName, "db.example", 5432, null), cluster.Endpoints[0]);
        Assert.Equal(new EndpointConfig("builtin:discard", EndpointKind.Builtin, "discard", 0, null), cluster.Endpoints[1]);
    }
}
