using Sluice.Functional.Proxy;
using Sluice.Functional.Scenarios;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.Functional.Tests;

/// <summary>Random streams: what arrives, how it ends and what is counted.</summary>
public sealed class StreamTests
{
    private const int Scenarios = 150;

    [Fact(Timeout = 300_000)]
    public async Task RandomScenariosEndAsADirectConnectionWould()
    {
        using var server = new Server();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(server.EndPoint);
        foreach (int seed in ScenarioSource.Seeds(Scenarios))
        {
            Scenario scenario = ScenarioSource.Draw(seed);
            try
            {
                Outcome seen = await Stage.PlayAsync(scenario, proxy.EndPoint, server);
                Check(scenario, seen, await proxy.NextResultAsync());
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(ScenarioSource.HowToReplay(scenario), failure);
            }
        }
    }

    private static void Check(Scenario scenario, Outcome seen, SpliceResult result)
    {
        CheckSide(scenario.Client, scenario.Server, seen.Client);
        CheckSide(scenario.Server, scenario.Client, seen.Server);
        Assert.Equal(Reason(scenario), result.Reason);
        if (result.Reason == EndReason.Completed)
        {
            Assert.Equal((scenario.Client.Bytes + Stage.Greeting, scenario.Server.Bytes + Stage.Greeting), (result.BytesFromClient, result.BytesFromUpstream));
            Assert.Equal(Errno.None, result.Errno);
        }
    }

    private static void CheckSide(Script mine, Script other, Seen seen)
    {
        if (mine.Resets)
        {
            Assert.Equal(Seen.Nothing, seen);
            return;
        }

        Assert.Equal(other.Bytes, seen.Bytes);
        Assert.Equal(Content.Sha256(Content.Of(other)), seen.Sha256);
        Assert.Equal(other.Resets ? Ending.Rst : Ending.Fin, seen.Ending);
    }

    private static EndReason Reason(Scenario scenario) =>
        scenario.Client.Resets ? EndReason.ClientReset
        : scenario.Server.Resets ? EndReason.UpstreamReset
        : EndReason.Completed;
}
