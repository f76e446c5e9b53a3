using System.Diagnostics;
using System.Text.Json;
using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Cli.Doctor;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.Redirect.Splicing.Bypass.Preflight;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.ProxyHost.Tests.Cli;

/// <summary><c>sluice doctor</c> as a process, with the rights that it is given.</summary>
public sealed class DoctorTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_trusted_kernel_exits_0()
    {
        Rights.RequireKernel();
        (int exit, JsonElement found) = await AskAsync();
        Assert.True(exit == 0, found.ToString());
        Assert.True(found.GetProperty("sockmap_trusted").GetBoolean());
        Assert.Equal(JsonValueKind.Null, found.GetProperty("failed_check").ValueKind);
        Assert.True(found.GetProperty("bypass_trusted").GetBoolean());
        Assert.Equal(JsonValueKind.Null, found.GetProperty("bypass_failed_check").ValueKind);
        Assert.DoesNotContain("failed", Checks(found).Select(check => check.Outcome));
        Assert.Equal(JsonValueKind.Object, found.GetProperty("facts").ValueKind);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_missing_capability_is_named_and_exits_2()
    {
        (int exit, JsonElement found) = await AskAsync(Rights.WithoutBpf);
        Assert.Equal((ExitCode.NotTrusted, "capabilities"), (exit, found.GetProperty("failed_check").GetString()));
        Assert.Contains("CAP_BPF", found.GetProperty("facts").GetProperty("missing_capabilities").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("skipped", Checks(found).Single(check => check.Name == "program").Outcome);
        Assert.False(found.GetProperty("auto_uses_sockmap").GetBoolean());
    }

    [Fact(Timeout = 60_000)]
    public async Task Capabilities_of_a_user_namespace_are_told_from_real_ones()
    {
        await SkipWithoutAsync("unshare", "--user", "--map-root-user", "true");
        (int exit, JsonElement found) = await AskAsync("unshare", "--user", "--map-root-user");
        Assert.Equal((ExitCode.NotTrusted, "bpf_call"), (exit, found.GetProperty("failed_check").GetString()));
        Assert.True(found.GetProperty("facts").GetProperty("is_in_user_namespace").GetBoolean());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_namespace_without_loopback_cannot_be_tried()
    {
        Rights.RequireKernel();
        await SkipWithoutAsync("unshare", "--net", "true");
        (int exit, JsonElement found) = await AskAsync("unshare", "--net");
        Assert.Equal((ExitCode.NotTrusted, "loopback_ipv4"), (exit, found.GetProperty("failed_check").GetString()));
    }

    [Fact]
    public void The_page_shows_each_check_with_its_advice()
    {
        var report = new PreflightReport(
            new KernelFacts { Release = "6.18.1", Architecture = "x64", Capabilities = ["CAP_NET_ADMIN"], HasNoNewPrivileges = true },
            [
                new("kernel_version", CheckOutcome.Passed, "6.18.1") { Elapsed = TimeSpan.FromMilliseconds(2.4) },
                new("capabilities", CheckOutcome.Failed, "CAP_BPF is missing", "Give it CAP_BPF."),
                new("btf", CheckOutcome.Skipped, "capabilities failed"),
            ],
            null, null, TimeSpan.FromMilliseconds(12));
        var bypass = new BypassReport([new("bypass_btf", CheckOutcome.Passed, "all fields") { Elapsed = TimeSpan.FromMilliseconds(9) }, new("bypass_programs", CheckOutcome.Failed, "EPERM", "Give it CAP_BPF.")], null);
        Assert.Equal(
            """
            kernel        6.18.1, x64
            capabilities  CAP_NET_ADMIN
            seccomp       no filter, no_new_privs set
            namespace     the first user namespace
            lockdown      unknown
            btf           missing
            sysctls       kernel.unprivileged_bpf_disabled unknown, net.core.bpf_jit_enable unknown

            checks, in 12 ms with the calibration
              passed   kernel_version     2 ms  6.18.1
              FAILED   capabilities       0 ms  CAP_BPF is missing
                                                → Give it CAP_BPF.
              skipped  btf                0 ms  capabilities failed

            checks of the bypass
              passed   bypass_btf          9 ms  all fields
              FAILED   bypass_programs     0 ms  EPERM
                                                 → Give it CAP_BPF.

            cpu time, copied against carried by the kernel
              not measured, so `offload: auto` stays in user space

            paths
              user space  always there
              sockmap     not trusted: capabilities failed
              bypass      not trusted: bypass_programs failed
              offload: auto uses user space here

            """,
            DoctorPage.Print(report, bypass));
    }

    [Fact]
    public void A_figure_tells_costs_and_verdict() => Assert.Equal(
        "a stream: 1.5 µs copied, 12.0 µs by the kernel, each MiB: dearer (in 1 of 7 rounds not)",
        DoctorWords.Of(new CalibrationFigure("a stream", "MiB", 1500, 12_000, 1, 7, CalibrationVerdict.Dearer)));

    private static IEnumerable<(string? Name, string? Outcome)> Checks(JsonElement found) =>
        found.GetProperty("checks").EnumerateArray().Select(check => (check.GetProperty("name").GetString(), check.GetProperty("outcome").GetString()));

    private static async Task SkipWithoutAsync(params string[] command)
    {
        (int exit, _) = await RunAsync(command);
        Assert.SkipWhen(exit != 0, $"{string.Join(' ', command)} is not allowed here");
    }

    private static async Task<(int Exit, JsonElement Found)> AskAsync(params string[] under)
    {
        (int exit, string output) = await RunAsync([.. under, Path.Combine(AppContext.BaseDirectory, "sluice"), "doctor", "--json"]);
        return (exit, JsonDocument.Parse(output).RootElement);
    }

    private static async Task<(int Exit, string Output)> RunAsync(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
