using System.Collections.Immutable;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>What the preflight found out about this kernel and this process.</summary>
/// <param name="Facts">What was read before anything was tried.</param>
/// <param name="Checks">Every check, in the order they were made.</param>
/// <param name="Calibration">What both paths cost in CPU; null where that was not measured.</param>
/// <param name="Engine">Made as asked for; null where a check failed.</param>
/// <param name="Elapsed">How long all of it took, the calibration included.</param>
public sealed record PreflightReport(
    KernelFacts Facts, ImmutableArray<PreflightCheck> Checks, Calibration? Calibration, KernelEngine? Engine, TimeSpan Elapsed)
{
    /// <summary>What later preflights of this boot may go by; null where this kernel is not trusted, or nothing can be gone by.</summary>
    public PreflightMemory? Memory { get; init; }

    /// <summary>The trials were not made: an earlier preflight's count.</summary>
    public bool IsRemembered { get; init; }

    /// <summary>The kernel may be given connections.</summary>
    public bool IsTrusted => Engine is not null;

    /// <summary>The first check that failed; null where none did.</summary>
    public PreflightCheck? Failure => Checks.FirstOrDefault(check => check.Outcome == CheckOutcome.Failed);
}
