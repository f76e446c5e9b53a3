using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Splicing.Bypass.Preflight;
using Sluice.Redirect.Splicing.Kernel.Preflight;
using Sluice.Redirect.Tests.Linux;

namespace Sluice.Redirect.Tests.Splicing.Bypass;

/// <summary>The preflight of the bypass on the running kernel.</summary>
public sealed class BypassPreflightTests : KernelTest
{
    [Fact]
    public void This_kernel_carries_bytes_as_it_must()
    {
        BypassReport report = BypassPreflight.Run(new BypassOptions(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(report.IsTrusted, string.Join('\n', report.Checks.Select(check => $"{check.Name} {check.Outcome} {check.Finding}")));
        Assert.Null(report.Failure);
        Assert.Contains(report.Checks, check => check is { Name: "bypass_redirect_ipv4", Outcome: CheckOutcome.Passed });
        Assert.Contains(report.Checks, check => check is { Name: "bypass_nothing_left", Outcome: CheckOutcome.Passed });
    }

    [Fact]
    public void Where_an_application_is_told_wrong_numbers_only_its_name_gets_the_bypass()
    {
        BypassReport all = BypassPreflight.Run(new BypassOptions(), cancellationToken: TestContext.Current.CancellationToken);
        BypassReport intact = BypassPreflight.Run(new BypassOptions(), onlyIntact: true, TestContext.Current.CancellationToken);
        Assert.Equal(all.IsIntact, intact.IsTrusted);
        Assert.Equal(all.IsIntact, intact.Checks.Any(check => check.Name == "bypass_redirect_ipv4"));
    }
}
