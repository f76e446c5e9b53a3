using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Tests.Cli;
using Sluice.ProxyHost.Tests.Configuration;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>What the daemon gives up, and that what it still has to do goes on working. That every thread has: Deploy.Tests.</summary>
public class PrivilegeTests
{
    private const int Timeout = 60_000;
    private const string Nobody = "65533:65533";
    private static readonly string[] All = ["CAP_NET_BIND_SERVICE", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_SYS_ADMIN", "CAP_PERFMON", "CAP_BPF"];

    [Theory]
    [InlineData("offload: auto", "", "", "CAP_NET_BIND_SERVICE CAP_NET_ADMIN CAP_BPF CAP_PERFMON")]
    [InlineData("offload: 'off'", "", "", "CAP_NET_BIND_SERVICE")]
    [InlineData("offload: 'off'", "transparent: true, ", "", "CAP_NET_BIND_SERVICE CAP_NET_RAW")]
    [InlineData("offload: 'off'", "", ", source: client", "CAP_NET_BIND_SERVICE CAP_NET_RAW")]
    [InlineData("offload: 'off'", "offload: sockmap, ", "", "CAP_NET_BIND_SERVICE CAP_NET_ADMIN CAP_BPF CAP_PERFMON")]
    [InlineData("offload: 'off'", "", ", offload: bypass", "CAP_NET_BIND_SERVICE CAP_NET_ADMIN CAP_BPF CAP_PERFMON")]
    [InlineData("offload: auto", "", ", offload: 'off'", "CAP_NET_BIND_SERVICE")]
    [InlineData("offload: auto", "transparent: true, ", "", "CAP_NET_BIND_SERVICE CAP_NET_ADMIN CAP_BPF CAP_PERFMON")]
    [InlineData("transport: sockets", "", "", "CAP_NET_BIND_SERVICE")]
    public void What_is_kept_is_what_the_configuration_takes(string runtime, string listener, string cluster, string expected) =>
        Assert.Equal(expected.Split(' '), PrivilegeNeeds.Of(Config(runtime, listener, cluster), [.. All]).Select(need => need.Capability));

    [Theory]
    [InlineData("offload: auto", "CAP_NET_ADMIN CAP_SYS_ADMIN", "CAP_NET_BIND_SERVICE CAP_NET_ADMIN CAP_SYS_ADMIN CAP_SYS_ADMIN")]
    [InlineData("offload: auto", "", "CAP_NET_BIND_SERVICE CAP_NET_ADMIN CAP_BPF CAP_PERFMON")]
    public void What_only_stands_for_another_is_kept_where_the_other_is_missing(string runtime, string held, string expected) =>
        Assert.Equal(expected.Split(' '), PrivilegeNeeds.Of(Config(runtime, "", ""), [.. held.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Select(need => need.Capability));

    [Fact(Timeout = Timeout)]
    public async Task Threads_that_carry_connections_have_what_is_needed_and_no_more()
    {
        RequireRoot();
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(more: "runtime: { offload: \"off\" }");
        string[] reactors = [.. Directory.GetDirectories($"/proc/{daemon.Id}/task").Where(task => File.ReadAllText($"{task}/comm").StartsWith("reactor", StringComparison.Ordinal))];
        Assert.NotEmpty(reactors);
        foreach (string reactor in reactors)
        {
            string status = await File.ReadAllTextAsync($"{reactor}/status", TestContext.Current.CancellationToken);
            Assert.Contains("CapPrm:\t0000000000000400\nCapEff:\t0000000000000400\nCapBnd:\t0000000000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1", status, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task As_another_user_a_port_below_1024_is_bound_at_the_start_and_by_a_reload()
    {
        RequireRoot();
        int first = LowPort(), second = LowPort();
        await using DaemonProcess daemon = await DaemonProcess.StartWithAsync(Echo($"127.0.0.1:{first}", $"user: \"{Nobody}\""));
        string status = await File.ReadAllTextAsync($"/proc/{daemon.Id}/status", TestContext.Current.CancellationToken);
        Assert.Contains("Uid:\t65533\t65533\t65533\t65533\nGid:\t65533\t65533\t65533\t65533", status, StringComparison.Ordinal);
        Assert.Contains("Groups:\t \n", status, StringComparison.Ordinal);
        await PingAsync(first);

        await daemon.EditAsync(text => text.Replace($"127.0.0.1:{first}", $"127.0.0.1:{second}", StringComparison.Ordinal));
        await daemon.SignalAsync("HUP");
        await daemon.LineAsync("reload by signal: applied");
        await PingAsync(second);
    }

    [Fact(Timeout = Timeout)]
    public async Task As_another_user_the_kernel_still_carries_connections()
    {
        RequireRoot();
        Rights.RequireKernel();
        using var echo = new EchoServer();
        await using DaemonProcess daemon = await DaemonProcess.StartWithAsync(Text($"127.0.0.1:{DaemonTests.UnusedPort()}", $"127.0.0.1:{echo.Port}", $"offload: sockmap, user: \"{Nobody}\""));
        await daemon.LineAsync("offload: this kernel is trusted");
    }

    [Fact(Timeout = Timeout)]
    public async Task A_reload_that_takes_what_was_given_up_is_refused_and_says_what_to_do()
    {
        RequireRoot();
        await using DaemonProcess daemon = await DaemonProcess.StartWithAsync(Echo($"127.0.0.1:{DaemonTests.UnusedPort()}", "offload: \"off\""));
        await daemon.EditAsync(text => text.Replace("cluster: back", "transparent: true, cluster: back", StringComparison.Ordinal));
        await daemon.SignalAsync("HUP");
        await daemon.LineAsync("reload by signal: refused");
        await daemon.LineAsync("`transparent` and `source`: takes CAP_NET_RAW, which was given up at the start");
    }

    [Theory(Timeout = Timeout)]
    [InlineData("no-such-user", "runtime.user: this system knows no user `no-such-user`")]
    [InlineData("root:no-such-group", "runtime.user: this system knows no group `no-such-group`")]
    [InlineData("65533", "the group has to be given: 65533:GROUP")]
    public async Task A_user_that_is_not_there_fails_the_start(string user, string message)
    {
        using var file = new ScratchFile(Echo("127.0.0.1:0", $"user: \"{user}\""));
        (int code, string errors) = await FailAsync(file.Path);
        Assert.Equal(ExitCode.Unavailable, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Without_the_right_to_change_the_user_the_start_fails_and_says_what_it_takes()
    {
        RequireRoot();
        using var file = new ScratchFile(Echo("127.0.0.1:0", $"user: \"{Nobody}\""));
        (int code, string errors) = await FailAsync(file.Path, "setpriv", "--bounding-set", "-setuid,-setgid");
        Assert.Equal(ExitCode.Unavailable, code);
        Assert.Contains($"runtime.user: {Nobody} cannot be taken on: EPERM; start as root", errors, StringComparison.Ordinal);
    }

    private static void RequireRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root has something to give up");

    private static SluiceConfig Config(string runtime, string listener, string cluster) => Reading.Good(
        $$"""
        listeners: [{ name: front, listen: 127.0.0.1:7000, {{listener}}cluster: back }]
        clusters: [{ name: back, endpoints: [127.0.0.1:7001]{{cluster}} }]
        runtime: { {{runtime}} }
        """);

    private static string Echo(string listen, string runtime) => Text(listen, "builtin:echo", runtime);

    private static string Text(string listen, string endpoint, string runtime) => $$"""
        listeners: [{ name: front, listen: "{{listen}}", cluster: back }]
        clusters: [{ name: back, endpoints: ["{{endpoint}}"] }]
        runtime: { {{runtime}} }
        """;

    private static int LowPort()
    {
        foreach (int port in Enumerable.Range(600, 400).Shuffle())
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }

        throw new InvalidOperationException("there is no port below 1024");
    }

    private static async Task PingAsync(int port)
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), TestContext.Current.CancellationToken);
        await client.PingAsync();
    }

    private static async Task<(int Code, string Errors)> FailAsync(string config, params string[] under)
    {
        using Process sluice = Process.Start(new ProcessStartInfo("/usr/bin/env", [.. under, Path.Combine(AppContext.BaseDirectory, "sluice"), "run", config])
        {
            RedirectStandardError = true,
        })!;
        string errors = await sluice.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await sluice.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (sluice.ExitCode, errors);
    }
}
