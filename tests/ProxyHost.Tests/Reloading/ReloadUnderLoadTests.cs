using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Reloading;

public class ReloadUnderLoadTests
{
    [Fact(Timeout = 120_000)]
    public async Task Sixty_four_connections_that_talk_notice_nothing_of_a_hundred_reloads()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        var stop = new CancellationTokenSource();
        var begun = new CountdownEvent(64);
        Task<long>[] talks = [.. Enumerable.Range(0, 64).Select(_ => TalkAsync(daemon, begun, stop.Token))];
        await Task.Run(() => begun.Wait(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        for (int i = 0; i < 100; i++)
            Assert.Equal(ReloadResults.Applied, (await daemon.ReloadAsync(Other(i))).Result);
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(talks), rounds => Assert.True(rounds > 0)); // a lost connection or byte throws
        await daemon.UntilNothingIsTakenAsync();
    }

    [Fact(Timeout = 300_000)]
    public async Task A_thousand_reloads_leave_no_descriptor_thread_or_memory_behind()
    {
        using EchoServer echo = new();
        SluiceConfig plain = YamlConfigs.Read(echo.Port, echo.Port, "");
        SluiceConfig judged = YamlConfigs.Read(echo.Port, echo.Port, "programs: { from_client: p }", more: YamlConfigs.Program("rules: [{ name: all, verdict: pass }]"));
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(plain);
        using Socket old = await daemon.ConnectAsync();
        await old.PingAsync();
        await ReloadAsync(daemon, 100, plain, judged);
        (int descriptors, int threads, long memory) = Measure();
        await ReloadAsync(daemon, 1000, plain, judged);
        (int descriptorsAfter, int threadsAfter, long memoryAfter) = Measure();
        // Other tests of this process come and go; one of anything left behind by each reload would be a thousand.
        Assert.InRange(descriptorsAfter, 0, descriptors + 300);
        Assert.InRange(threadsAfter, 0, threads + 300);
        Assert.InRange(memoryAfter, 0, memory + (16 << 20));
        Assert.Equal(1, daemon.Service<ReplacedListeners>().Count); // the one whose connection is still there
        await old.PingAsync();
    }

    private static async Task ReloadAsync(RunningDaemon daemon, int times, SluiceConfig plain, SluiceConfig judged)
    {
        for (int i = 0; i < times; i++)
            Assert.Equal(ReloadResults.Applied, (await daemon.ReloadAsync(_ => i % 2 == 0 ? judged : plain)).Result);
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
    }

    private static Func<SluiceConfig, SluiceConfig> Other(int i) => config => config with
    {
        Listeners = [config.Listeners[0] with { MaxConnections = 1000 + (i % 2) + 1 }],
        Clusters = [config.Clusters[0] with { MaxConnections = 1000 + (i % 3) + 1 }],
    };

    private static async Task<long> TalkAsync(RunningDaemon daemon, CountdownEvent begun, CancellationToken stop)
    {
        using Socket client = await daemon.ConnectAsync();
        byte[] sent = new byte[512], received = new byte[512];
        long rounds = 0;
        for (; !stop.IsCancellationRequested; rounds++)
        {
            Random.Shared.NextBytes(sent);
            await client.SendAsync(sent, TestContext.Current.CancellationToken);
            for (int have = 0; have < received.Length;)
            {
                int read = await client.ReceiveAsync(received.AsMemory(have), TestContext.Current.CancellationToken);
                Assert.True(read > 0, "the connection ended");
                have += read;
            }

            Assert.Equal(sent, received);
            if (rounds == 0)
                begun.Signal();
        }

        return rounds;
    }

    private static (int Descriptors, int Threads, long Memory) Measure()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return (Directory.GetFiles("/proc/self/fd").Length, Directory.GetDirectories("/proc/self/task").Length, GC.GetTotalMemory(forceFullCollection: true));
    }
}
