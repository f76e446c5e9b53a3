using System.Globalization;
using Sluice.ProxyHost.Cli.Explain;
using Sluice.Redirect.Splicing.Bypass.Preflight;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.ProxyHost.Cli.Doctor;

/// <summary>A preflight's report for people.</summary>
internal static class DoctorPage
{
    public static string Print(PreflightReport report, BypassReport bypass)
    {
        var page = new Page();
        KernelFacts facts = report.Facts;
        page.Line($"kernel        {(facts.Release.Length > 0 ? facts.Release : "unknown")}, {facts.Architecture}");
        page.Line($"capabilities  {(facts.Capabilities.IsEmpty ? "none of those that count" : string.Join(", ", facts.Capabilities))}");
        page.Line($"seccomp       {(facts.HasSeccompFilter ? "a filter" : "no filter")}, no_new_privs {(facts.HasNoNewPrivileges ? "set" : "not set")}");
        page.Line($"namespace     {(facts.IsInUserNamespace ? "a user namespace" : "the first user namespace")}");
        page.Line($"lockdown      {facts.Lockdown ?? "unknown"}");
        page.Line($"btf           {(facts.HasBtf ? "there" : "missing")}");
        page.Line($"sysctls       kernel.unprivileged_bpf_disabled {Text(facts.UnprivilegedBpfDisabled)}, net.core.bpf_jit_enable {Text(facts.JitEnabled)}");
        page.Gap();
        page.Line($"checks, in {Milliseconds(report.Elapsed)} ms with the calibration");
        Checks(page.In, report.Checks);
        page.Gap();
        page.Line("checks of the bypass");
        Checks(page.In, bypass.Checks);
        page.Gap();
        page.Line("cpu time, copied against carried by the kernel");
        foreach (string line in DoctorWords.Of(report.Calibration)) page.In.Line(line);
        page.Gap();
        page.Line("paths");
        page.In.Line("user space  always there");
        page.In.Line($"sockmap     {(report.IsTrusted ? "trusted" : $"not trusted: {report.Failure?.Name} failed")}");
        page.In.Line($"bypass      {Bypass(bypass)}");
        page.In.Line($"offload: auto uses {(DoctorWords.AutoUsesKernel(report) ? "sockmap" : "user space")} here");
        return page.ToString();
    }

    private static void Checks(Page page, IReadOnlyCollection<PreflightCheck> checks)
    {
        int widest = checks.Count == 0 ? 0 : checks.Max(check => check.Name.Length);
        foreach (PreflightCheck check in checks)
        {
            page.Line($"{DoctorWords.Of(check.Outcome),-7}  {check.Name.PadRight(widest)} {Milliseconds(check.Elapsed),5} ms  {check.Finding}");
            if (check.Advice is { } advice) page.Line($"{"",-7}  {"".PadRight(widest)} {"",5}     → {advice}");
        }
    }

    private static string Bypass(BypassReport report) => report switch
    {
        { IsIntact: true } => "trusted",
        { IsTrusted: true } => $"only for who asks by name (`offload: bypass`): {BypassReport.Fionread} failed",
        _ => $"not trusted: {report.Failure?.Name} failed",
    };

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
}
