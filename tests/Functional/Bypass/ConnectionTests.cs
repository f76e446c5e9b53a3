using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.Functional;

/// <summary>What the proxy knows and does of connections whose bytes it does not see.</summary>
public sealed class ConnectionTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task AConversationGoesPastTheProxyAndIsCounted(bool isNearV6, bool isFarV6)
    {
        await using BypassLink link = await BypassLink.OpenAsync(near: Any(isNearV6), far: Any(isFarV6));
        long before = link.Exchanged;
        byte[] message = new byte[1000];
        for (int i = 0; i < 50; i++)
        {
            Random.Shared.NextBytes(message);
            await link.Client.SendAllAsync(message);
            Assert.Equal(message, await link.Server.ReceiveExactlyAsync(message.Length));
            await link.Server.SendAllAsync(message);
            Assert.Equal(message, await link.Client.ReceiveExactlyAsync(message.Length));
        }

        link.Client.SendFin();
        await link.Server.AssertEndsAsync(default, Ending.Fin);
        link.Server.SendFin();
        await link.Client.AssertEndsAsync(default, Ending.Fin);
        SpliceResult result = await link.ResultAsync();
        Assert.Equal((EndReason.Completed, before + 50_000L, before + 50_000L), (result.Reason, result.BytesFromClient, result.BytesFromUpstream));
        // A message or two may have gone either way when the second direction was promoted.
        Assert.InRange(link.Meter.Read(Direction.FromClient, DataPath.Bypass), 49_000, 50_010);
        Assert.Equal((1L, 2L, 0L), (link.Engine.Counters.Pairs, link.Engine.Counters.Promotions, link.Engine.Counters.Carried));
        Assert.InRange(link.Engine.Messages.Redirected, 98, 110);
        await link.OnReactorAsync(() => Assert.True(link.Maps!.Maps.IsEmpty() && link.Maps.Table.Count == 0));
    }

    [Fact(Timeout = 60_000)]
    public async Task BytesAreCountedWhileTheConnectionGoesOn()
    {
        await using BypassLink link = await BypassLink.OpenAsync();
        long before = link.Exchanged;
        await link.Server.SendAllAsync(new byte[12_345]);
        await link.Client.ReceiveExactlyAsync(12_345);
        await Deadline.UntilAsync(() => link.Pair.BytesFromUpstream == before + 12_345, () => $"the bytes to be counted; {link.Pair.BytesFromUpstream - before} are");
    }

    [Fact(Timeout = 60_000)]
    public async Task BytesThatTheProxyNeverSeesKeepAConnectionFromBeingIdle()
    {
        var limits = new SpliceLimits(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3), TimeSpan.FromHours(1)); // a busy machine may keep us for two
        await using BypassLink link = await BypassLink.OpenAsync(limits);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (long started = Environment.TickCount64; Environment.TickCount64 - started < 5000;)
        {
            await tick.WaitForNextTickAsync(Deadline.Token);
            await link.ExchangeAsync(() => false, most: 1);
        }

        Assert.True(link.IsBypassed);
        Assert.Equal(EndReason.IdleTimeout, (await link.ResultAsync()).Reason);
        await link.Client.AssertEndsAsync(default, Ending.Rst);
    }

    [Fact(Timeout = 60_000)]
    public async Task DemotionGivesBothBackToTheProxyAndTheSocketsToThemselves()
    {
        await using BypassLink link = await BypassLink.OpenAsync();
        link.Pair.Demote();
        await link.OnReactorAsync(() => { }); // what was posted before has run
        Assert.Equal((DataPath.Copy, DataPath.Copy), (link.Pair.PathFromClient, link.Pair.PathFromUpstream));
        await link.OnReactorAsync(() => Assert.True(link.Maps!.Maps.HasNoSender()));
        long redirected = link.Engine.Messages.Redirected, copied = Copied(link);
        await link.ExchangeAsync(() => false, most: 100);
        await Deadline.UntilAsync(() => Copied(link) == copied + 200, () => "all bytes to be copied");
        Assert.Equal((redirected, 0L, 2L), (link.Engine.Messages.Redirected, link.Engine.Counters.Carried, link.Engine.Counters.Demotions));

        await link.Client.SendAllAsync(new byte[777]);
        await Deadline.UntilAsync(() => link.Server.Available == 777, () => $"FIONREAD to be right again; it says {link.Server.Available}");
    }

    [Fact(Timeout = 120_000)]
    public async Task DemotionInTheMidstOfStreamsLosesNothing()
    {
        for (int round = 0; round < 50; round++)
        {
            await using BypassLink link = await BypassLink.OpenAsync();
            byte[] stream = new byte[3_000_000];
            new Random(round).NextBytes(stream);
            Task sending = SendInPiecesAsync(link.Client, stream, 100 + (round * 997)), answering = SendInPiecesAsync(link.Server, stream, 50_000);
            Task<byte[]> receiving = link.Server.ReceiveExactlyAsync(stream.Length), answer = link.Client.ReceiveExactlyAsync(stream.Length);
            link.Pair.Demote();
            await Task.WhenAll(sending, answering).OrHung("all to be sent");
            Assert.Equal(stream, await receiving);
            Assert.Equal(stream, await answer);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task AnAbortResetsBothEnds()
    {
        await using BypassLink link = await BypassLink.OpenAsync();
        link.Pair.Abort(EndReason.ClosedByAdmin);
        await link.Client.AssertEndsAsync(default, Ending.Rst);
        await link.Server.AssertEndsAsync(default, Ending.Rst);
        Assert.Equal(EndReason.ClosedByAdmin, (await link.ResultAsync()).Reason);
        await link.OnReactorAsync(() => Assert.True(link.Maps!.Maps.IsEmpty() && link.Maps.Table.Count == 0));
    }

    private static IPEndPoint Any(bool isV6) => isV6 ? Sockets.AnyV6 : Sockets.AnyV4;

    private static long Copied(BypassLink link) =>
        link.Meter.Read(Direction.FromClient, DataPath.Copy) + link.Meter.Read(Direction.FromUpstream, DataPath.Copy);

    private static async Task SendInPiecesAsync(Socket socket, ReadOnlyMemory<byte> stream, int size)
    {
        for (ReadOnlyMemory<byte> left = stream; !left.IsEmpty; left = left[Math.Min(size, left.Length)..])
            await socket.SendAllAsync(left[..Math.Min(size, left.Length)]);
    }
}
