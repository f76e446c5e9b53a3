using System.CommandLine;
using Sluice.ProxyHost.Cli.Doctor;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Splicing.Bypass.Preflight;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.ProxyHost.Cli;

/// <summary><c>sluice doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object, for scripts." };
        var command = new Command("doctor",
            "Try whether this kernel can be trusted to carry connections by itself: look at rights and settings, move real bytes over " +
            "loopback, and compare what both paths cost.") { json };
        command.SetAction(parsed =>
        {
            PreflightReport report = PreflightRun.Run(new OffloadOptions(), calibrate: true);
            BypassReport bypass = BypassPreflight.Run(new BypassOptions());
            terminal.Output.Write(parsed.GetValue(json) ? DoctorJson.Print(report, bypass) : DoctorPage.Print(report, bypass));
            return report.IsTrusted ? ExitCode.Success : ExitCode.NotTrusted;
        });
        return command;
    }
}
