namespace TcpProxyConformance.Runs;

/// <summary>All cases that were asked for, played.</summary>
/// <param name="Name">What the proxy is called in reports.</param>
/// <param name="Through">Where it was reached; "direct" where there was none.</param>
/// <param name="Seed">What contents and cuts were drawn from.</param>
/// <param name="Tool">This tool's version.</param>
/// <param name="System">The system and the kernel that it ran on.</param>
/// <param name="Cases">In the order in which they were played.</param>
internal sealed record RunResult(string Name, string Through, int Seed, string Tool, string System, IReadOnlyList<CaseResult> Cases)
{
    public int Count(Outcome outcome) => Cases.Count(result => result.Outcome == outcome);

    /// <summary>In a line.</summary>
    public string Summary =>
        $"{Count(Outcome.Pass)} passed, {Count(Outcome.Fail)} failed, {Count(Outcome.Known)} known to fail, {Count(Outcome.Info)} informative, {Count(Outcome.NotApplicable)} not applicable here";
}
