namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>One thing the preflight looked at.</summary>
/// <param name="Name">What it is called in metrics, logs and <c>sluice doctor</c>: lower case with underscores.</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Finding">What was found, or why it was skipped, in a few words.</param>
/// <param name="Advice">What to do about it, in a sentence; null where there is nothing to do.</param>
public sealed record PreflightCheck(string Name, CheckOutcome Outcome, string Finding, string? Advice = null)
{
    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }

    internal static PreflightCheck Passed(string name, string finding, string? advice = null) => new(name, CheckOutcome.Passed, finding, advice);

    internal static PreflightCheck Failed(string name, string finding, string advice) => new(name, CheckOutcome.Failed, finding, advice);

    internal static PreflightCheck Skipped(string name, string why) => new(name, CheckOutcome.Skipped, why);
}
