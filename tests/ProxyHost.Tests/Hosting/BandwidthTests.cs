using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Reloading;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Limits of bandwidth from the configuration to the metrics.</summary>
public class BandwidthTests
{
    [Fact(Timeout = 60_000)]
    public async Task What_waits_is_counted_for_its_listener_and_direction()
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(
            YamlConfigs.Read(port, port, "bandwidth: { from_client: 20kB/s, burst: 2kB }"));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SendAsync(new byte[4_000], TestContext.Current.CancellationToken);
        await upstream.HearBytesAsync(new byte[4_000]);
        await daemon.UntilMeasuredAsync("sluice.bandwidth.delayed", 2_000, ("listener", "front"), ("direction", "from_client"), ("dry_run", false));
        await daemon.UntilMeasuredAsync("sluice.bandwidth.delayed", 0, ("direction", "from_upstream"));

        // What was counted stays when the next configuration only counts.
        ReloadedWith(await daemon.ReloadAsync(config => With(config, new BandwidthConfig(1, null, 1_000, true))));
        using Socket second = await daemon.ConnectAsync(), other = await main.AcceptAsync();
        await second.SendAsync(new byte[1_000], TestContext.Current.CancellationToken);
        await other.HearBytesAsync(new byte[1_000]);
        await daemon.UntilMeasuredAsync("sluice.bandwidth.delayed", 0, ("dry_run", true));
        await daemon.UntilMeasuredAsync("sluice.bandwidth.delayed", 2_000, ("dry_run", false));
    }

    private static SluiceConfig With(SluiceConfig config, BandwidthConfig bandwidth) =>
        config with { Listeners = [config.Listeners[0] with { Bandwidth = bandwidth }] };

    private static void ReloadedWith(ReloadAttempt attempt) => Assert.Equal("applied", attempt.Result);
}
