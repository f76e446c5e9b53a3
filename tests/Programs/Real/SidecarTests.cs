using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>The ordinary case of a sidecar: the client is on the daemon's host, the server is not. A network namespace stands for the other host.</summary>
public sealed class SidecarTests : IAsyncLifetime
{
    private static readonly string _name = $"sl{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
    private static readonly string _network = $"10.231.{((Environment.ProcessId % 250) + 1).ToString(CultureInfo.InvariantCulture)}";

    public async ValueTask InitializeAsync()
    {
        await using var shell = new Child("/bin/sh", ["-c", $"""
            set -e
            ip netns add {_name}
            ip link add {_name}a type veth peer name {_name}b netns {_name}
            ip addr add {_network}.1/24 dev {_name}a; ip link set {_name}a up
            ip -n {_name} addr add {_network}.2/24 dev {_name}b; ip -n {_name} link set {_name}b up; ip -n {_name} link set lo up
            """]);
        int exit = await shell.ExitAsync();
        if (exit == 0)
            return;

        await DisposeAsync();
        Assert.False(Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1", $"no network namespaces, and SLUICE_REQUIRE_KERNEL=1: {shell.Output}");
        Assert.Skip($"it takes network namespaces: {shell.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        await using var shell = new Child("/bin/sh", ["-c", $"ip link del {_name}a; ip netns del {_name}"]);
        _ = await shell.ExitAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task WhatTheLocalClientSendsGoesPastTheDaemonAndTheAnswersAreCopied()
    {
        string benchmark = Installed.Require("redis-benchmark"), cli = Installed.Require("redis-cli");
        using var scratch = new Scratch();
        using TcpListener here = TcpListener.Create(0); // on the server's port, as sidecars listen
        here.Start();
        int port = ((IPEndPoint)here.LocalEndpoint).Port;
        string host = $"{_network}.2", upstream = $"{host}:{port}";
        await using var redis = new Child("ip", [
            "netns", "exec", _name, Installed.Require("redis-server"), "--port", $"{port}", "--bind", host, "--save", "", "--dir", scratch.Root, "--protected-mode", "no"]);
        await redis.UntilAsync(() => redis.Output.Contains("Ready to accept connections", StringComparison.Ordinal), "being ready");
        await using SluiceProcess sluice = await SluiceProcess.StartAsync(upstream, bypasses: true);
        string through = sluice.To(upstream).Port.ToString(CultureInfo.InvariantCulture);
        string report = await Child.RunAsync(benchmark, "-p", through, "-n", "20000", "-c", "20", "-d", "512", "-r", "1000", "-t", "set,get,lpush,lrange_100", "--csv");
        Assert.DoesNotContain("error", report, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(await Child.RunAsync(cli, "-h", host, "-p", $"{port}", "DEBUG", "DIGEST"), await Child.RunAsync(cli, "-p", through, "DEBUG", "DIGEST"));

        await sluice.AssertBypassedAsync(10_000);
        string[] metrics = (await sluice.MetricsAsync()).Split('\n');
        Assert.Contains(metrics, line => line.StartsWith("sluice_offload_fallbacks_total", StringComparison.Ordinal));
        Assert.DoesNotContain(metrics, line => line.StartsWith("sluice_offload_fallbacks_total", StringComparison.Ordinal)
            && (line.Contains("\"insert\"", StringComparison.Ordinal) || line.Contains("\"remote\"", StringComparison.Ordinal)) && !line.EndsWith(" 0", StringComparison.Ordinal));
        string[] io = [.. metrics.Where(line => line.StartsWith("sluice_io_bytes_total", StringComparison.Ordinal) && line.Contains("\"bypass\"", StringComparison.Ordinal))];
        Assert.Contains(io, line => line.Contains("from_client", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));
        Assert.DoesNotContain(io, line => line.Contains("from_upstream", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));
    }
}
