using System.Collections.Immutable;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.Redirect.Splicing.Bypass.Preflight;

/// <summary>What the preflight found out about the bypass on this kernel.</summary>
/// <param name="Checks">Every check, in the order they were made.</param>
/// <param name="Engine">Made as asked for; null where a check failed that the proxy's own bytes depend on.</param>
public sealed record BypassReport(ImmutableArray<PreflightCheck> Checks, BypassEngine? Engine)
{
    /// <summary>What the check of the application's view of its socket is called.</summary>
    public const string Fionread = "bypass_fionread";

    /// <summary>Bytes, their order, ends and back-pressure are as without it.</summary>
    public bool IsTrusted => Engine is not null;

    /// <summary>Also what an application can ask of its socket is as without it.</summary>
    public bool IsIntact => IsTrusted && Checks.Any(check => check is { Name: Fionread, Outcome: CheckOutcome.Passed });

    /// <summary>The first check that failed, but for <see cref="Fionread"/>; null where none did.</summary>
    public PreflightCheck? Failure => Checks.FirstOrDefault(check => check.Outcome == CheckOutcome.Failed && check.Name != Fionread);
}
