namespace TcpProxyConformance.Runs;

/// <summary>A case, played.</summary>
/// <param name="Name">Which.</param>
/// <param name="Required">Whether it requires something.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Value">The same in two or three words; null: the outcome says all.</param>
/// <param name="Expected">Of a failure: what should have been seen.</param>
/// <param name="Seen">What was seen; where the case is not applicable, why.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record CaseResult(string Name, bool Required, Outcome Outcome, string? Value, string? Expected, string Seen, double Milliseconds)
{
    /// <summary>For a table: the outcome and the words.</summary>
    public string Short => Outcome switch
    {
        Outcome.Info => Value ?? Seen,
        Outcome.NotApplicable => "n/a",
        Outcome.Pass => Value is null ? "pass" : $"pass ({Value})",
        Outcome.Known => $"known ({Value})",
        _ => $"**fail** ({Value})",
    };
}
