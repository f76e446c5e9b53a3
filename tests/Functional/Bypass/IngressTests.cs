using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Bypass;

namespace Sluice.Functional;

/// <summary>Bytes that go into the receiver's own queue: bounded, in order, and behind them every end as it was sent.</summary>
public sealed class IngressTests
{
    private static readonly BypassOptions AtOnce = new() { ReadsBefore = 3, UseIngress = true };

    [Fact(Timeout = 300_000)]
    public Task AsSoonAsPossible() => StressTests.PlayAsync(3000, AtOnce);

    [Fact(Timeout = 300_000)]
    public Task InMidstream() => StressTests.PlayAsync(1000, AtOnce with { ReadsBefore = 6 });

    [Fact(Timeout = 300_000)]
    public Task OverIPv6() => StressTests.PlayAsync(500, AtOnce, near: Sockets.AnyV6, far: Sockets.AnyV6);

    [Fact(Timeout = 300_000)]
    public Task WithoutMemoryForSlowReaders() => StressTests.PlayAsync(500, AtOnce, bufferMemory: 0);

    [Fact(Timeout = 60_000)]
    public async Task AConversationIsCountedToTheLastByte()
    {
        await using BypassLink link = await BypassLink.OpenAsync(useIngress: true);
        long redirected = link.Engine.Messages.Redirected;
        await link.ExchangeAsync(() => false, most: 1000);
        await EndAsync(link);
        SpliceResult result = await link.ResultAsync();
        Assert.Equal((EndReason.Completed, link.Exchanged, link.Exchanged), (result.Reason, result.BytesFromClient, result.BytesFromUpstream));
        Assert.InRange(link.Engine.Messages.Redirected - redirected, 1990, 2000 + link.Exchanged);
        await link.OnReactorAsync(() => Assert.True(link.Maps!.Maps.IsEmpty() && link.Maps.Table.Count == 0));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public async Task AReaderThatDoesNotReadIsGivenSoMuchAndNoMore(int size)
    {
        await using BypassLink bounded = await BypassLink.OpenAsync(useIngress: true);
        long before = bounded.Exchanged;
        byte[] message = new byte[size];
        long sent = 0;
        for (int i = 0; i < 50_000; i++)
        {
            int count = bounded.Client.Send(message, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
                break;
            sent += count;
        }

        int most = Math.Min(IngressCode.MostBytes, IngressCode.MostMessages * size);
        int unread = 0;
        await bounded.OnReactorAsync(() => unread = bounded.Maps!.Maps.Unread(((Redirect.Reactors.ReactorConnection)bounded.Pair.Upstream).Socket));
        Assert.True(unread > 0, "nothing lies in the reader's own queue");
        await bounded.Server.ReceiveExactlyAsync((int)sent);
        await EndAsync(bounded);
        SpliceResult result = await bounded.ResultAsync();
        Assert.Equal(before + sent, result.BytesFromClient);
        Assert.InRange(bounded.Meter.Read(Direction.FromClient, DataPath.Bypass), most - size, most + before);
    }

    [Fact(Timeout = 60_000)]
    public async Task AFinWaitsUntilTheReaderHasTakenWhatIsBeforeIt()
    {
        await using BypassLink link = await BypassLink.OpenAsync(useIngress: true);
        byte[] last = new byte[200_000];
        Random.Shared.NextBytes(last);
        await link.Client.SendAllAsync(last);
        link.Client.SendFin();
        link.Server.SendFin();
        await link.Client.AssertEndsAsync(default, Ending.Fin); // the other direction's end has passed
        await link.OnReactorAsync(() => { });
        Assert.False(link.Pair.ClientClosed);
        Assert.Equal(last, await link.Server.ReceiveExactlyAsync(last.Length));
        await link.Server.AssertEndsAsync(default, Ending.Fin);
        Assert.Equal(EndReason.Completed, (await link.ResultAsync()).Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task AnRstWaitsUntilTheReaderHasTakenWhatIsBeforeIt()
    {
        await using BypassLink link = await BypassLink.OpenAsync(useIngress: true);
        byte[] last = new byte[100_000];
        Random.Shared.NextBytes(last);
        await link.Client.SendAllAsync(last);
        link.Client.LingerState = new LingerOption(true, 0);
        link.Client.Close();
        Assert.Equal(last, await link.Server.ReceiveExactlyAsync(last.Length));
        await link.Server.AssertEndsAsync(default, Ending.Rst);
        Assert.Equal(EndReason.ClientReset, (await link.ResultAsync()).Reason);
    }

    // The kernel looks at TCP's queue only: docs/semantics.md says so.
    [Fact(Timeout = 60_000)]
    public async Task AReceiverThatClosesWithUnreadBytesEndsWithFin()
    {
        await using BypassLink link = await BypassLink.OpenAsync(useIngress: true);
        await link.Client.SendAllAsync(new byte[50_000]);
        link.Server.Close();
        await link.Client.AssertEndsAsync(default, Ending.Fin);
    }

    [Fact(Timeout = 60_000)]
    public async Task DemotionLosesNothingThatIsUnread()
    {
        await using BypassLink link = await BypassLink.OpenAsync(useIngress: true);
        byte[] first = new byte[100_000], second = new byte[100_000];
        Random.Shared.NextBytes(first);
        Random.Shared.NextBytes(second);
        await link.Client.SendAllAsync(first);
        link.Pair.Demote();
        await link.OnReactorAsync(() => { });
        Assert.Equal((DataPath.Copy, DataPath.Copy), (link.Pair.PathFromClient, link.Pair.PathFromUpstream));
        await link.Client.SendAllAsync(second);
        byte[] both = [.. first, .. second];
        Assert.Equal(both, await link.Server.ReceiveExactlyAsync(first.Length + second.Length));
        await EndAsync(link);
        Assert.Equal(EndReason.Completed, (await link.ResultAsync()).Reason);
        await link.OnReactorAsync(() => Assert.True(link.Maps!.Maps.IsEmpty()));
    }

    private static async Task EndAsync(BypassLink link)
    {
        link.Client.SendFin();
        await link.Server.AssertEndsAsync(default, Ending.Fin);
        link.Server.SendFin();
        await link.Client.AssertEndsAsync(default, Ending.Fin);
    }
}
