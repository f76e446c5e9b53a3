using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
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
}
