using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Redirect.Splicing.Bypass.Preflight;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.ProxyHost.Cli.Doctor;

/// <summary>A preflight's report for scripts.</summary>
internal static class DoctorJson
{
    public static string Print(PreflightReport report, BypassReport bypass) => JsonSerializer.Serialize(
        new DoctorView(
            report.IsTrusted, report.Failure?.Name, DoctorWords.AutoUsesKernel(report), report.Elapsed.TotalMilliseconds,
            report.Facts, report.Checks, report.Calibration, bypass.IsTrusted, bypass.IsIntact, bypass.Failure?.Name, bypass.Checks),
        DoctorJsonContext.Default.DoctorView) + "\n";
}

/// <summary>The object as it is printed.</summary>
internal sealed record DoctorView(
    bool SockmapTrusted,
    string? FailedCheck,
    bool AutoUsesSockmap,
    double ElapsedMs,
    KernelFacts Facts,
    IEnumerable<PreflightCheck> Checks,
    Calibration? Calibration,
    bool BypassTrusted,
    bool BypassIntact,
    string? BypassFailedCheck,
    IEnumerable<PreflightCheck> BypassChecks);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, Converters = [typeof(OutcomeConverter), typeof(VerdictConverter)])]
[JsonSerializable(typeof(DoctorView))]
internal sealed partial class DoctorJsonContext : JsonSerializerContext;

/// <summary>passed, failed, skipped.</summary>
internal sealed class OutcomeConverter() : JsonStringEnumConverter<CheckOutcome>(JsonNamingPolicy.SnakeCaseLower);

/// <summary>no_dearer, dearer, undecided.</summary>
internal sealed class VerdictConverter() : JsonStringEnumConverter<CalibrationVerdict>(JsonNamingPolicy.SnakeCaseLower);
