using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Tests;

/// <summary>Every case holds where there is no proxy; one that did not would say nothing about one.</summary>
public sealed class DirectTests
{
    [Fact(Timeout = 120_000)]
    public async Task EveryCaseHoldsWithoutAProxy()
    {
        RunResult run = await Direct.Run;
        // Closing without a word takes a right that not every machine gives.
        Assert.DoesNotContain(run.Cases, result => result.Expected is not null || (result.Outcome == Outcome.NotApplicable && !result.Name.StartsWith("vanished-", StringComparison.Ordinal)));
        Assert.Equal("out of band", run.Cases.Single(result => result.Name == "urgent-byte").Value);
        Assert.Equal("all", run.Cases.Single(result => result.Name == "bytes-before-reset").Value);
    }
}
