using System.Diagnostics;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Sluice.ProxyHost.Tests.Hosting;

public partial class DescriptorTests
{
    private const int Open = 8;

    // As the tests run it, not compiled ahead, the runtime needs a pipe to start a thread and ends the process when there
    // is none. One pool thread, which the first connection brings up, means that none is started later.
    internal static readonly (string, string)[] OnePoolThread =
        [("DOTNET_ThreadPool_ForceMinWorkerThreads", "1"), ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "1")];

    // With an odd number to spare the last one lets a client in whose upstream then has none.
    [Theory(Timeout = 120_000)]
    [InlineData("reactor", 0)]
    [InlineData("reactor", 1)]
    [InlineData("sockets", 0)]
    [InlineData("sockets", 1)]
    public async Task Out_of_descriptors_open_connections_go_on_the_trouble_is_told_and_it_recovers(string transport, int odd)
    {
        using var upstream = new EchoServer();
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(
            $"127.0.0.1:{upstream.Port}", $"runtime: {{ transport: {transport} }}\nlog: {{ access: false }}", OnePoolThread);
        using (Socket warmUp = await daemon.ConnectAsync())
            await warmUp.PingAsync();
        await daemon.GetAsync("/metrics");
        await CountAsync(daemon, open => open == 0);
        int[] idle = Descriptors(daemon);

        Socket[] open = [.. await Task.WhenAll(Enumerable.Range(0, Open).Select(_ => daemon.ConnectAsync()))];
        await Task.WhenAll(open.Select(socket => socket.PingAsync()));
        // The limit is one of numbers, not of how many there are, and a number may be taken and not be listed: a thread
        // that waits in open(2) for the other end of a FIFO has one. The kernel gives the lowest that is free.
        int highest = Descriptors(daemon).Except(idle).Max();
        await DaemonProcess.RunAsync("prlimit", "--pid", $"{daemon.Id}", $"--nofile={highest + 1 + odd}");
        Socket[] waiting = [.. await Task.WhenAll(Enumerable.Range(0, 3 * Open).Select(_ => daemon.ConnectAsync()))];
        await daemon.LineAsync($"front: accept on {daemon.Front} failed with EMFILE");
        await Task.WhenAll(open.Select(socket => socket.PingAsync()));
        // A scrape may be answered from one of a moment ago.
        while (!AcceptErrors().IsMatch(await daemon.GetAsync("/metrics")))
            await Task.Yield();
        AssertBounded(daemon.Lines.Where(line => line.Contains("accept on", StringComparison.Ordinal)));

        foreach (Socket socket in open.Concat(waiting))
            socket.Dispose();
        await CountAsync(daemon, count => count == 0);
        using (Socket late = await daemon.ConnectAsync())
            await late.PingAsync();
        await CountAsync(daemon, count => count == 0);
        while (Descriptors(daemon).Length > idle.Length)
            await Task.Yield();
        await daemon.SignalAsync("TERM");
        Assert.Equal(0, await daemon.ExitCodeAsync());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_probe_that_the_admin_endpoint_has_no_descriptor_for_burns_no_core()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(environment: OnePoolThread);
        await daemon.GetAsync("/readyz");
        await DaemonProcess.RunAsync("prlimit", "--pid", $"{daemon.Id}", "--nofile=4");
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await probe.ConnectAsync(daemon.Admin, TestContext.Current.CancellationToken);
        await daemon.LineAsync($"admin: accept on {daemon.Admin} failed with EMFILE");

        using var process = Process.GetProcessById(daemon.Id);
        TimeSpan before = process.TotalProcessorTime;
        await daemon.LineAsync("more like this were not logged");
        process.Refresh();
        Assert.InRange(process.TotalProcessorTime - before, TimeSpan.Zero, TimeSpan.FromMilliseconds(700));
        Assert.Equal("ready\n", await daemon.GetAsync("/readyz"));
    }

    // Sockets, pipes and the like. Files come as the runtime loads more code, and stay.
    private static int[] Descriptors(DaemonProcess daemon) =>
        [.. new DirectoryInfo($"/proc/{daemon.Id}/fd").EnumerateFileSystemInfos()
            .Where(entry => entry.LinkTarget is { } target && target[0] != '/')
            .Select(entry => int.Parse(entry.Name, System.Globalization.CultureInfo.InvariantCulture))];

    private static async Task CountAsync(DaemonProcess daemon, Func<int, bool> condition)
    {
        while (!condition(int.Parse(Count().Match(await daemon.GetAsync("/connections")).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)))
            await Task.Yield();
    }

    // Each line begins with its time; up to the second they differ.
    private static void AssertBounded(IEnumerable<string> lines) =>
        Assert.All(lines.GroupBy(line => line[..19]), second => Assert.InRange(second.Count(), 1, 2));

    [GeneratedRegex("""sluice_server_accept_errors_total\{(?=[^}]*listener="front")(?=[^}]*error_type="EMFILE")[^}]*\} [1-9]""")]
    private static partial Regex AcceptErrors();

    [GeneratedRegex("""^\{"count":([0-9]+)""")]
    private static partial Regex Count();
}
