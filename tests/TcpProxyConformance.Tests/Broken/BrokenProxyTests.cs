using TcpProxyConformance.Cases;
using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Tests.Broken;

/// <summary>The suite is worth something only if it sees what a bad proxy does, and only that.</summary>
public sealed class BrokenProxyTests(BrokenRuns runs) : IClassFixture<BrokenRuns>
{
    public static TheoryData<Flaw> Flaws => [.. Enum.GetValues<Flaw>()];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Flaws))]
    public async Task AProxyFailsJustTheCasesOfItsFlaw(Flaw flaw)
    {
        CaseResult[] results = await runs.Of(flaw);
        ExpectedFailures expected = ExpectedFailures.Of(flaw);
        CaseResult[] failed = [.. results.Where(result => result.Outcome == Outcome.Fail)];
        Assert.Equal(CaseList.All.Count, results.Length);
        string[] missed = [.. expected.Must.Except(failed.Select(result => result.Name))];
        CaseResult[] tooMany = [.. failed.Where(result => !expected.Must.Contains(result.Name) && !expected.May.Contains(result.Name))];
        Assert.True(missed.Length == 0 && tooMany.Length == 0, $"not failed: {string.Join(", ", missed)}\nfailed for nothing:\n{string.Join('\n', tooMany.Select(result => $"{result.Name}: {result.Value}: {result.Seen}"))}");
    }

    [Fact]
    public void EveryRequiredCaseIsFailedByAFlaw() => Assert.Empty(
        CaseList.All.Where(one => one.IsRequired).Select(one => one.Name).Except(Enum.GetValues<Flaw>().SelectMany(flaw => ExpectedFailures.Of(flaw).Must)));
}
