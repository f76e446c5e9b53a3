using System.Diagnostics;
using System.Globalization;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.ProxyHost.Cli.Doctor;

/// <summary>The words for what a preflight found, in pages and logs.</summary>
internal static class DoctorWords
{
    public static string Of(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "passed",
        CheckOutcome.Failed => "FAILED",
        CheckOutcome.Skipped => "skipped",
        _ => throw new UnreachableException($"outcome {(int)outcome} has no word"),
    };

    public static string Of(CalibrationVerdict verdict) => verdict switch
    {
        CalibrationVerdict.NoDearer => "no dearer",
        CalibrationVerdict.Dearer => "dearer",
        CalibrationVerdict.Undecided => "undecided",
        _ => throw new UnreachableException($"verdict {(int)verdict} has no word"),
    };

    /// <summary>One line for each kind of traffic, and where the times come from.</summary>
    public static IEnumerable<string> Of(Calibration? calibration) => calibration is null
        ? ["not measured, so `offload: auto` stays in user space"]
        : calibration.Figures.Select(Of).Append($"measured: {calibration.Source}");

    /// <summary>The figures of one kind of traffic in one line.</summary>
    public static string Of(CalibrationFigure figure) =>
        $"{figure.Traffic}: {Microseconds(figure.Copy)} copied, {Microseconds(figure.Kernel)} by the kernel, each {figure.Unit}: " +
        $"{Of(figure.Verdict)} (in {figure.RoundsNoDearer} of {figure.Rounds} rounds not)";

    public static bool AutoUsesKernel(PreflightReport report) => report is { IsTrusted: true, Calibration.IsNoDearer: true };

    private static string Microseconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1000.0:F1} µs");
}
