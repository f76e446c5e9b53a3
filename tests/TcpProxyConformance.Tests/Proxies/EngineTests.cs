using Sluice.Oracle.Ways;
using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Tests.Proxies;

/// <summary>Through every engine of Sluice every required case passes.</summary>
[Collection(ProxyRuns.Collection)]
public sealed class EngineTests(ProxyRuns runs)
{
    public static TheoryData<string> Engines => [.. Engine.All.Select(engine => engine.Name)];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Engines))]
    public async Task EveryRequiredCasePasses(string engine)
    {
        RunResult run = await runs.Sluice(engine);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', run.Cases.Where(result => result.Value is not null).Select(result => $"{result.Name}: {result.Value}")));
        Assert.Empty(run.Cases.Where(result => result.Outcome == Outcome.Fail).Select(result => $"{result.Name}: expected {result.Expected}; seen: {result.Seen}"));
        Assert.Equal(run.Cases.Count(result => result.Required), run.Count(Outcome.Pass) + run.Cases.Count(result => result.Required && result.Outcome == Outcome.NotApplicable));
    }
}
