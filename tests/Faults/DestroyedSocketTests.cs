using System.Net.Sockets;
using Sluice.Faults.Hosts;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Faults;

/// <summary>An administrator's <c>ss -K</c> takes a socket away under the proxy.</summary>
public sealed class DestroyedSocketTests
{
    [Theory(Timeout = 120_000)]
    [InlineData("off", "upstream")]
    [InlineData("off", "client")]
    [InlineData("sockmap", "upstream")]
    [InlineData("sockmap", "client")]
    public async Task BothEndsHearAResetAndNothingIsLeft(string offload, string side)
    {
        await using ThreeHosts hosts = await ThreeHosts.CreateAsync();
        using Server server = hosts.Listen();
        string upstream = server.EndPoint.ToString()!;
        await using SluiceProcess sluice = await hosts.StartAsync(upstream, offload);
        using Socket client = await hosts.DialAsync(sluice.PortTo(upstream)), accepted = await server.AcceptAsync();
        await Carried.SpeakAsync(sluice, offload, client, accepted);
        Transfer up = new(client, accepted, 1), down = new(accepted, client, 2);
        Task<Ending>[] all = [up.SendAsync(long.MaxValue), down.SendAsync(long.MaxValue), up.ReceiveAsync(), down.ReceiveAsync()];
        await up.MoreAsync(4 << 20);
        await down.MoreAsync(4 << 20);

        string found = await hosts.AtProxyAsync(side == "client"
            ? $"ss -K -H -t state established sport = :{sluice.PortTo(upstream)}"
            : $"ss -K -H -t state established dst {ThreeHosts.ServerAddress}");
        Obstacles.SkipWhen(found.Contains("not supported", StringComparison.Ordinal), "the kernel has no INET_DIAG_DESTROY");
        Assert.True(found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 1, $"one socket to be destroyed: {found}");
        Ending[] ends = await Task.WhenAll(all).OrHung("both ends to hear of it");
        Assert.Equal((Ending.Rst, Ending.Rst), (ends[0], ends[1]));

        // Who receives hears of ECONNABORTED, and who happens to send of EPIPE, which a reset ends in as well.
        string[] reasons = [$"\"{side}_error\"", $"\"{side}_reset\""];
        await Deadline.UntilAsync(() => reasons.Any(sluice.RecorderAsync().GetAwaiter().GetResult().Contains), () => $"{side}_error or {side}_reset in the recorder: {sluice.RecorderAsync().GetAwaiter().GetResult()}");

        using Socket next = await hosts.DialAsync(sluice.PortTo(upstream)), other = await server.AcceptAsync();
        await next.SendAllAsync("next"u8.ToArray());
        Assert.Equal("next"u8.ToArray(), await other.ReceiveExactlyAsync(4).OrHung("the next connection"));
    }
}
