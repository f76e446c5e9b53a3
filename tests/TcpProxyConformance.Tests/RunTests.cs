using System.Net;
using TcpProxyConformance.Play;
using TcpProxyConformance.Runs;
using TcpProxyConformance.Tests.Broken;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Tests;

/// <summary>What becomes of a case, whatever it does.</summary>
public sealed class RunTests
{
    [Fact(Timeout = 60_000)]
    public async Task WhatDoesNotHoldDirectlyIsNoFailureOfTheProxy()
    {
        CaseResult result = await PlayAsync(_ => throw new Failure("rain", "sunshine", "dry"));
        Assert.Equal(Outcome.NotApplicable, result.Outcome);
        Assert.Equal("it does not hold without a proxy either: expected rain; seen: sunshine", result.Seen);
    }

    [Fact(Timeout = 60_000)]
    public async Task WhatThisMachineDoesNotAllowIsSaid()
    {
        CaseResult result = await PlayAsync(_ => throw new NotApplicableException("no right to"));
        Assert.Equal((Outcome.NotApplicable, "no right to"), (result.Outcome, result.Seen));
    }

    [Fact(Timeout = 60_000)]
    public async Task ACaseThatBreaksTakesNoOtherWithIt()
    {
        int plays = 0;
        CaseResult result = await PlayAsync(_ => ++plays == 1 ? Task.FromResult(new Finding("")) : throw new InvalidOperationException("a defect of the tool"));
        Assert.Equal((Outcome.Fail, "case broke"), (result.Outcome, result.Value));
    }

    [Fact(Timeout = 60_000)]
    public async Task WhereNothingMovesTheEndsAreTold()
    {
        int plays = 0;
        CaseResult result = await PlayAsync(async stage =>
        {
            Link link = await stage.ConnectAsync();
            if (++plays == 2)
                await link.Client.ReceiveExactlyAsync(1);
            return new Finding("");
        });
        Assert.Equal((Outcome.Fail, "hangs"), (result.Outcome, result.Value));
        Assert.Equal("nothing more within 0.5 s; client: 8 bytes sent, 0 received, and no end has come; upstream: 0 bytes sent, 0 received, and no end has come", result.Seen);
    }

    [Fact(Timeout = 60_000)]
    public async Task WhereBytesComeACaseMayTakeLonger()
    {
        CaseResult result = await PlayAsync(async stage =>
        {
            Link link = await stage.ConnectAsync();
            for (int i = 0; i < 10; i++)
            {
                await Task.Delay(100, stage.Deadline);
                await link.Client.SendAsync(new byte[1]);
                await link.Upstream.ReceiveExactlyAsync(1);
            }

            return new Finding("slow");
        });
        Assert.Equal((Outcome.Pass, "slow"), (result.Outcome, result.Seen));
    }

    private static async Task<CaseResult> PlayAsync(Func<Stage, Task<Finding>> playAsync)
    {
        using var upstream = new Upstream(new IPEndPoint(IPAddress.Loopback, 0));
        using var proxy = new BrokenProxy(upstream.EndPoint, Flaw.None);
        var options = new RunOptions
        {
            Name = "relay",
            Through = proxy.EndPoint,
            Upstream = upstream.EndPoint,
            Cases = [new Case("case", "it is met", "", "", playAsync)],
            Bounds = new Bounds { Timeout = TimeSpan.FromSeconds(0.5) },
        };
        return (await ConformanceRun.PlayAsync(options, upstream, _ => { }, CancellationToken.None)).Cases.Single();
    }
}
