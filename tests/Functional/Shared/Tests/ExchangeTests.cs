using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect.Splicing;
using Sluice.Redirect;

namespace Sluice.Functional.Tests;

/// <summary>Who speaks first, and what is counted while a connection runs.</summary>
public sealed class ExchangeTests
{
    [Fact(Timeout = 60_000)]
    public async Task AServerMaySpeakFirst()
    {
        await using Link link = await Link.OpenAsync();
        await link.Server.SendAllAsync("220 ready"u8.ToArray());
        Assert.Equal("220 ready"u8.ToArray(), await link.Client.ReceiveExactlyAsync(9));
        await link.Client.SendAllAsync("EHLO"u8.ToArray());
        Assert.Equal("EHLO"u8.ToArray(), await link.Server.ReceiveExactlyAsync(4));
    }

    [Fact(Timeout = 60_000)]
    public async Task BytesAreCountedWhileTheConnectionRuns()
    {
        await using Link link = await Link.OpenAsync();
        Assert.Equal(0, link.Pair.FirstByteFromUpstreamAt);
        await link.Client.SendAllAsync(new byte[1234]);
        await link.Server.ReceiveExactlyAsync(1234);
        await Deadline.UntilAsync(() => link.Pair.BytesFromClient == 1234, () => $"1234 counted bytes; {link.Pair.BytesFromClient} are");
        await link.Server.SendAllAsync(new byte[77]);
        await link.Client.ReceiveExactlyAsync(77);
        await Deadline.UntilAsync(() => link.Pair.BytesFromUpstream == 77, () => $"77 counted bytes; {link.Pair.BytesFromUpstream} are");

        Assert.NotEqual(0, link.Pair.FirstByteFromUpstreamAt);
        Assert.Equal((1234, 77), (Metered(link, Direction.FromClient), Metered(link, Direction.FromUpstream)));
    }

    [Fact(Timeout = 60_000)]
    public async Task AnUpstreamThatDiesMidStreamHarmsNobodyElse()
    {
        using var server = new Server();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(server.EndPoint);
        using Socket doomed = await Sockets.DialAsync(proxy.EndPoint);
        Socket dies = await server.AcceptAsync();
        using Socket lives = await Sockets.DialAsync(proxy.EndPoint);
        using Socket answers = await server.AcceptAsync();

        await dies.SendAllAsync(new byte[100]);
        await doomed.ReceiveExactlyAsync(100);
        // A process that dies with unread bytes closes with RST.
        await doomed.SendAllAsync(new byte[50_000]);
        await Deadline.UntilAsync(() => dies.Poll(0, SelectMode.SelectRead), () => "bytes the upstream will never read");
        dies.Dispose();
        Assert.Equal(Ending.Rst, (await doomed.ReceiveToEndAsync()).Ending);
        Assert.Equal(EndReason.UpstreamReset, (await proxy.NextResultAsync()).Reason);

        await lives.SendAllAsync(new byte[10]);
        await answers.ReceiveExactlyAsync(10);
    }

    private static long Metered(Link link, Direction direction) =>
        Enum.GetValues<DataPath>().Sum(path => link.Proxy.Meter.Read(direction, path));
}
