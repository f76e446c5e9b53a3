using System.Diagnostics;
using Sluice.ProxyHost.Cli;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>What servers see of connections that were led to the proxy, in network namespaces.</summary>
public class TransparentTests
{
    private const int Timeout = 60_000;

    private const string Tproxy = """
        table inet t {
            chain pre {
                type filter hook prerouting priority mangle;
                meta l4proto tcp socket transparent 1 meta mark set 1 accept
                meta nfproto ipv4 tcp dport { 9000, 9001 } tproxy ip to :15001 meta mark set 1 accept
                meta nfproto ipv6 tcp dport { 9000, 9001 } tproxy ip6 to :15001 meta mark set 1 accept
            }
        }
        """;

    private const string Redirect = """
        table inet t {
            chain pre {
                type nat hook prerouting priority dstnat;
                tcp dport { 9000, 9001 } redirect to :15001
            }
        }
        """;

    private const string Servers = $$"""
        listeners:
          - { name: first, listen: ["{{ThreeHosts.ServerV4}}:9000", "[{{ThreeHosts.ServerV6}}]:9000"], cluster: echo }
          - { name: second, listen: ["{{ThreeHosts.ServerV4}}:9001", "[{{ThreeHosts.ServerV6}}]:9001"], cluster: echo }
        clusters: [{ name: echo, endpoints: ["builtin:echo"] }]
        runtime: { offload: "off" }
        """;

    [Theory(Timeout = Timeout)]
    [InlineData("client", ThreeHosts.ServerV4, 9000, "", "first", ThreeHosts.ClientV4 + ":")]
    [InlineData("client", ThreeHosts.ServerV4, 9001, "", "second", ThreeHosts.ClientV4 + ":")]
    [InlineData("client", ThreeHosts.ServerV6, 9001, "", "second", "[" + ThreeHosts.ClientV6 + "]:")]
    [InlineData("client_and_port", ThreeHosts.ServerV4, 9000, "-p 40123", "first", ThreeHosts.ClientV4 + ":40123")]
    [InlineData("client_and_port", ThreeHosts.ServerV6, 9000, "-p 40124", "first", "[" + ThreeHosts.ClientV6 + "]:40124")]
    [InlineData("proxy", ThreeHosts.ServerV4, 9001, "", "second", ThreeHosts.ProxyAtServerV4 + ":")]
    public async Task Led_here_by_tproxy_it_goes_where_it_was_going_from_whom_it_came(
        string source, string address, int port, string options, string listener, string seen)
    {
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync(Tproxy);
        await using DaemonProcess servers = await DaemonProcess.StartWithAsync(Servers, hosts.Server);
        await using DaemonProcess proxy = await DaemonProcess.StartWithAsync(Proxy("transparent: true, ", source), hosts.Proxy);
        Assert.Equal("hello", await hosts.SayAsync("hello", address, port, options));
        await SawAsync(servers, listener, seen);
        await proxy.LineAsync("-> onward original_destination: completed");
    }

    [Theory(Timeout = Timeout)]
    [InlineData("proxy", ThreeHosts.ServerV4, 9000, "first", ThreeHosts.ProxyAtServerV4 + ":")]
    [InlineData("proxy", ThreeHosts.ServerV6, 9001, "second", "[fd02::1]:")]
    public async Task Led_here_by_redirect_it_goes_where_it_was_going(string source, string address, int port, string listener, string seen)
    {
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync(Redirect);
        await using DaemonProcess servers = await DaemonProcess.StartWithAsync(Servers, hosts.Server);
        await using DaemonProcess proxy = await DaemonProcess.StartWithAsync(Proxy("", source), hosts.Proxy);
        Assert.Equal("hello", await hosts.SayAsync("hello", address, port));
        await SawAsync(servers, listener, seen);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("")]
    [InlineData("transparent: true, ")]
    public async Task Made_to_the_listener_itself_it_is_refused_and_not_dialled(string listener)
    {
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync(Redirect);
        await using DaemonProcess proxy = await DaemonProcess.StartWithAsync(Proxy(listener, "proxy"), hosts.Proxy);
        Assert.DoesNotContain("hello", await hosts.SayAsync("hello", ThreeHosts.ProxyV4, 15001), StringComparison.Ordinal);
        await proxy.LineAsync("destination_loop");
    }

    [Fact(Timeout = Timeout)]
    public async Task Without_the_capability_a_clients_address_is_not_kept_and_the_log_names_it()
    {
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync(Redirect);
        await using DaemonProcess servers = await DaemonProcess.StartWithAsync(Servers, hosts.Server);
        await using DaemonProcess proxy = await DaemonProcess.StartWithAsync(Proxy("", "client"), [.. hosts.Proxy, "setpriv", "--bounding-set", "-net_admin,-net_raw"]);
        Assert.DoesNotContain("hello", await hosts.SayAsync("hello", ThreeHosts.ServerV4, 9000), StringComparison.Ordinal);
        await proxy.LineAsync("source_refused");
        Assert.Contains(proxy.Lines, line => line.Contains("CAP_NET_ADMIN or CAP_NET_RAW", StringComparison.Ordinal));
        Assert.DoesNotContain(servers.Lines, line => line.Contains("-> first", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task Without_the_capability_a_transparent_listener_fails_the_start_and_the_message_names_it()
    {
        string file = Path.Combine(Path.GetTempPath(), $"sluice-{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, "admin: { listen: 127.0.0.1:0 }\n" + Proxy("transparent: true, ", "proxy").Replace(":15001", ":0", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        string[] under = Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set", "-net_admin,-net_raw"] : [];
        using Process sluice = Process.Start(new ProcessStartInfo("/usr/bin/env", [.. under, Path.Combine(AppContext.BaseDirectory, "sluice"), "run", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = sluice.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await sluice.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await sluice.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.Delete(file);
        Assert.Equal(ExitCode.Unavailable, sluice.ExitCode);
        Assert.Contains("listener front: cannot listen on [::]:0: EPERM, `transparent: true` needs CAP_NET_ADMIN or CAP_NET_RAW", await output + errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_reload_makes_a_bound_listener_transparent_and_takes_that_back()
    {
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync(Tproxy);
        await using DaemonProcess servers = await DaemonProcess.StartWithAsync(Servers, hosts.Server);
        await using DaemonProcess proxy = await DaemonProcess.StartWithAsync(
            Proxy("", "proxy").Replace("offload: \"off\"", "offload: sockmap", StringComparison.Ordinal), hosts.Proxy); // which keeps CAP_NET_ADMIN
        string before = await proxy.SocketsAsync(15001);
        await ReloadAsync(proxy, "front, ", "front, transparent: true, ", "generation 2 goes");
        Assert.Equal("hello", await hosts.SayAsync("hello", ThreeHosts.ServerV4, 9000));
        Assert.Equal("hello", await hosts.SayAsync("hello", ThreeHosts.ServerV6, 9001));
        await SawAsync(servers, "first", ThreeHosts.ProxyAtServerV4 + ":");
        await SawAsync(servers, "second", "[fd02::1]:");
        Assert.Equal(before, await proxy.SocketsAsync(15001)); // the very same
        await ReloadAsync(proxy, "front, transparent: true, ", "front, ", "generation 3 goes");
        int known = proxy.Lines.Count;
        Assert.DoesNotContain("hello", await hosts.SayAsync("hello", ThreeHosts.ServerV4, 9000, "-w 2"), StringComparison.Ordinal);
        Assert.DoesNotContain(proxy.Lines.Skip(known), line => line.Contains("-> front", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task Without_the_capability_a_reload_that_wants_it_changes_nothing_and_names_it()
    {
        await using DaemonProcess proxy = await DaemonProcess.StartWithAsync(Proxy("", "proxy").Replace(":15001", ":0", StringComparison.Ordinal));
        await ReloadAsync(proxy, "front, ", "front, transparent: true, ", "reload by signal: refused; generation 1 goes");
        await proxy.LineAsync(Environment.IsPrivilegedProcess ? "takes CAP_NET_RAW, which was given up at the start" : "EPERM, `transparent: true` needs CAP_NET_ADMIN or CAP_NET_RAW");
    }

    private static async Task ReloadAsync(DaemonProcess daemon, string before, string after, string line)
    {
        await daemon.EditAsync(text => text.Replace($"name: {before}", $"name: {after}", StringComparison.Ordinal));
        await daemon.SignalAsync("HUP");
        await daemon.LineAsync(line);
    }

    // The line of the access log: #1 10.201.1.2:41670 -> first -> echo builtin:echo: completed, and so on.
    private static async Task SawAsync(DaemonProcess servers, string listener, string seen)
    {
        await servers.LineAsync($"-> {listener} -> echo");
        Assert.Contains($" {seen}", servers.Lines.First(line => line.Contains($"-> {listener} -> echo", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static string Proxy(string listener, string source) => $$"""
        listeners: [{ name: front, listen: "[::]:15001", {{listener}}cluster: onward }]
        clusters: [{ name: onward, endpoints: [original_destination], source: {{source}} }]
        runtime: { offload: "off" }
        """;
}
