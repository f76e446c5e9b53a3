using System.Diagnostics;
using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.Functional.Tests;

/// <summary>Time limits and aborts: RST on both sides, the right reason, not before their time.</summary>
public sealed class LimitTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact(Timeout = 60_000)]
    public async Task AClientThatSaysNothingIsEndedByTheIdleLimit()
    {
        long began = Stopwatch.GetTimestamp();
        await using Link link = await Link.OpenAsync(new SpliceLimits(Short, Long, Long));
        await AssertEndedAsync(link, EndReason.IdleTimeout);
        Assert.True(Stopwatch.GetElapsedTime(began) >= Short);
    }

    [Fact(Timeout = 60_000)]
    public async Task EitherDirectionsProgressPutsTheIdleLimitOff()
    {
        await using Link link = await Link.OpenAsync(new SpliceLimits(Short * 3, Long, Long));
        long began = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(Short);
        for (int i = 0; i < 6; i++)
        {
            await tick.WaitForNextTickAsync(Deadline.Token);
            (Socket from, Socket to) = i % 2 == 0 ? (link.Client, link.Server) : (link.Server, link.Client);
            await from.SendAllAsync(new byte[1]);
            await to.ReceiveExactlyAsync(1);
        }

        long last = Stopwatch.GetTimestamp();
        await AssertEndedAsync(link, EndReason.IdleTimeout);
        Assert.True(Stopwatch.GetElapsedTime(began) >= Short * 6);
        Assert.True(Stopwatch.GetElapsedTime(last) >= Short * 2, "ended although there was progress");
    }

    [Theory(Timeout = 60_000)]
    [InlineData(Direction.FromClient)]
    [InlineData(Direction.FromUpstream)]
    public async Task AHalfClosedConnectionHasItsOwnLimit(Direction closes)
    {
        await using Link link = await Link.OpenAsync(new SpliceLimits(Long, Short, Long));
        (Socket closer, Socket open) = closes == Direction.FromClient ? (link.Client, link.Server) : (link.Server, link.Client);
        closer.SendFin();
        Assert.Equal(0, await open.ReceiveAsync(new byte[1], Deadline.Token));
        await closer.AssertEndsAsync(default, Ending.Rst);
        Assert.Equal(new SpliceResult(EndReason.HalfClosedIdleTimeout, 0, 0, closes, Errno.None), await link.ResultAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task AFinAfterALongSilenceStartsTheHalfClosedLimitAnew()
    {
        await using Link link = await Link.OpenAsync(new SpliceLimits(Long, Short, Long));
        using var silence = new PeriodicTimer(Short * 2);
        await silence.WaitForNextTickAsync(Deadline.Token);

        link.Client.SendFin();
        await link.Server.AssertEndsAsync(default, Ending.Fin);
        using var within = new PeriodicTimer(Short / 3);
        await within.WaitForNextTickAsync(Deadline.Token);
        await link.Server.SendAllAsync("answer"u8.ToArray());
        link.Server.SendFin();
        await link.Client.AssertEndsAsync("answer"u8.ToArray(), Ending.Fin);
        Assert.Equal(EndReason.Completed, (await link.ResultAsync()).Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task ABusyConnectionEndsWithItsLongestDuration()
    {
        await using Link link = await Link.OpenAsync(new SpliceLimits(Long, Long, Short * 2));
        Task<Exception?> streaming = Task.Run(async () => await Record.ExceptionAsync(async () =>
        {
            byte[] piece = new byte[20_000];
            while (true)
            {
                await link.Client.SendAllAsync(piece);
                await link.Server.ReceiveExactlyAsync(piece.Length);
            }
        }));
        SpliceResult result = await link.ResultAsync();
        Assert.Equal((EndReason.MaxDuration, null), (result.Reason, result.FirstToClose));
        Assert.IsType<SocketException>(await streaming.OrHung("the stream to end"));
    }

    [Fact(Timeout = 60_000)]
    public async Task AReaderThatTakesNothingIsEndedByTheIdleLimit()
    {
        await using Link link = await Link.OpenAsync(new SpliceLimits(Short, Long, Long));
        await link.Client.FillAsync();
        Assert.Equal(EndReason.IdleTimeout, (await link.ResultAsync()).Reason);
        Assert.Equal(Ending.Rst, (await link.Server.ReceiveToEndAsync()).Ending);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(EndReason.Aborted)]
    [InlineData(EndReason.Drained)]
    public async Task AnAbortResetsBothSides(EndReason reason)
    {
        await using Link link = await Link.OpenAsync();
        link.Pair.Abort(reason);
        link.Pair.Abort(EndReason.InternalError);
        await AssertEndedAsync(link, reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task AnAbortUnsticksBothDirections()
    {
        await using Link link = await Link.OpenAsync();
        await link.Client.FillAsync();
        await link.Server.FillAsync();
        link.Pair.Abort(EndReason.Aborted);
        Assert.Equal(EndReason.Aborted, (await link.ResultAsync()).Reason);
        Assert.Equal(Ending.Rst, (await link.Client.ReceiveToEndAsync()).Ending);
        Assert.Equal(Ending.Rst, (await link.Server.ReceiveToEndAsync()).Ending);
    }

    private static async Task AssertEndedAsync(Link link, EndReason reason)
    {
        await link.Client.AssertEndsAsync(default, Ending.Rst);
        await link.Server.AssertEndsAsync(default, Ending.Rst);
        SpliceResult result = await link.ResultAsync();
        Assert.Equal((reason, null, Errno.None), (result.Reason, result.FirstToClose, result.Errno));
    }
}
