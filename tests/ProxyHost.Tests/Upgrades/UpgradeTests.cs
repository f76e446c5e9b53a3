using System.Net.Sockets;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Upgrades;

public class UpgradeTests
{
    private const int Timeout = 120_000;
    private const string Awaited = "a successor may come";

    [Theory(Timeout = Timeout)]
    [InlineData("reactor")]
    [InlineData("sockets")]
    public async Task A_successor_takes_over_and_no_client_is_refused_or_reset(string transport)
    {
        string path = Path.Combine(Path.GetTempPath(), $"sluice-upgrade-{Guid.NewGuid():N}.sock");
        using var upstream = new EchoServer(); // its own process is not the one that leaves
        await using DaemonProcess old = await DaemonProcess.StartAsync(
            $"127.0.0.1:{upstream.Port}", $"runtime: {{ upgrade_socket: \"unix:{path}\", transport: {transport}, reactors: 2 }}");
        using Socket open = await old.ConnectAsync();
        await open.PingAsync();
        using var stop = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 8).Select(_ => ConnectAskCloseAsync(old, stop.Token))];
        await old.LineAsync(Awaited);
        await using DaemonProcess next = await old.StartSuccessorAsync();
        await old.LineAsync("this daemon accepts no more and leaves");
        await next.LineAsync(Awaited);
        await open.PingAsync();
        using (Socket late = await next.ConnectAsync())
            await late.PingAsync();
        await using DaemonProcess last = await next.StartSuccessorAsync(); // and once more
        await next.LineAsync("this daemon accepts no more and leaves");
        await last.LineAsync(Awaited);
        await stop.CancelAsync();
        await DaemonProcess.RunAsync("/usr/bin/env", "sh", "-c", $"test $(stat -c %a '{path}') = 600");
        Assert.All(await Task.WhenAll(clients), rounds => Assert.True(rounds > 0)); // a refusal or reset throws
        open.Dispose();
        Assert.Equal(0, await old.ExitCodeAsync());
        Assert.Equal(0, await next.ExitCodeAsync());
        using Socket client = await last.ConnectAsync();
        await client.PingAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task Where_the_successor_goes_before_it_is_ready_the_old_one_goes_on()
    {
        string path = Path.Combine(Path.GetTempPath(), $"sluice-upgrade-{Guid.NewGuid():N}.sock");
        await using DaemonProcess old = await DaemonProcess.StartAsync(more: $"runtime: {{ upgrade_socket: \"unix:{path}\" }}");
        await old.LineAsync(Awaited);
        using (var successor = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified))
        {
            await successor.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
            await old.LineAsync("a successor has come");
        }

        await old.LineAsync("this daemon goes on");
        using Socket client = await old.ConnectAsync();
        await client.PingAsync();
        await using DaemonProcess next = await old.StartSuccessorAsync();
        await old.LineAsync("this daemon accepts no more and leaves");
    }

    [Fact(Timeout = Timeout)]
    public async Task Want_of_descriptors_while_a_successor_comes_does_not_end_the_waiting_for_the_next()
    {
        string path = Path.Combine(Path.GetTempPath(), $"sluice-upgrade-{Guid.NewGuid():N}.sock");
        await using DaemonProcess old = await DaemonProcess.StartAsync(more: $"runtime: {{ upgrade_socket: \"unix:{path}\" }}", environment: DescriptorTests.OnePoolThread);
        await old.LineAsync(Awaited);
        await old.GetAsync("/readyz");
        await DaemonProcess.RunAsync("prlimit", "--pid", $"{old.Id}", "--nofile=4:4096");
        Socket[] early = [.. Enumerable.Range(0, 2).Select(_ => new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified))];
        foreach (Socket successor in early) // the descriptor for the first may have been taken before
            await successor.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
        early[0].Dispose();
        await old.LineAsync($"upgrade: accept on {path} failed with EMFILE");
        early[1].Dispose();
        await DaemonProcess.RunAsync("prlimit", "--pid", $"{old.Id}", "--nofile=4096:4096");
        await using DaemonProcess next = await old.StartSuccessorAsync();
        await old.LineAsync("this daemon accepts no more and leaves");
        await next.LineAsync(Awaited);
        using Socket client = await next.ConnectAsync();
        await client.PingAsync();
    }

    private static async Task<int> ConnectAskCloseAsync(DaemonProcess daemon, CancellationToken stop)
    {
        int rounds = 0;
        for (; !stop.IsCancellationRequested; rounds++)
        {
            using Socket client = await daemon.ConnectAsync();
            await client.PingAsync();
            client.Shutdown(SocketShutdown.Send);
            Assert.Empty(await client.ReadToEndAsync());
        }

        return rounds;
    }
}
