using System.Net;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Kernel.Preflight;
using Sluice.Redirect.Splicing.Managed;
using Sluice.Redirect.Tests.Linux;

namespace Sluice.Redirect.Tests.Splicing.Kernel.Preflight;

public sealed class PreflightRunTests : KernelTest
{
    [Fact]
    public void This_kernel_passes_every_check()
    {
        PreflightReport report = PreflightRun.Run(new OffloadOptions { Memory = 1 << 20 }, calibrate: true, cancellationToken: TestContext.Current.CancellationToken);
        Assert.DoesNotContain(report.Checks, check => check.Outcome == CheckOutcome.Failed);
        Assert.True(report.IsTrusted);
        Assert.Equal(1 << 20, report.Engine!.Options.Memory);
        Assert.Equal(0, report.Engine.Counters.Pairs);
        string[] names = [.. report.Checks.Select(check => check.Name)];
        Assert.Equal(names.Distinct(), names);
        Assert.All(
            ["queued_data", "modes", "fin_behind_backlog", "back_pressure", "coupling", "reset", "half_closed"],
            trial => Assert.Contains(report.Checks, check => check.Name == $"{trial}_ipv4" && check.Outcome == CheckOutcome.Passed));
        Assert.Equal(CheckOutcome.Passed, report.Checks.Single(check => check.Name == "nothing_left").Outcome);
    }

    [Fact]
    public void It_ends_when_it_is_told_to() => Assert.Throws<OperationCanceledException>(
        () => PreflightRun.Run(new OffloadOptions(), calibrate: false, cancellationToken: new CancellationToken(canceled: true)));

    [Fact]
    public void What_was_found_goes_for_later_starts_in_the_same_surroundings()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        PreflightReport first = PreflightRun.Run(new OffloadOptions(), calibrate: true, cancellationToken: stop);
        PreflightReport later = PreflightRun.Run(new OffloadOptions(), calibrate: true, first.Memory, stop);
        Assert.Equal((false, true), (first.IsRemembered, later.IsRemembered));
        Assert.True(later.IsTrusted);
        Assert.Equal(first.Calibration, later.Calibration);
        Assert.Equal(CheckOutcome.Passed, later.Checks.Single(check => check.Name == "program").Outcome);
        Assert.DoesNotContain(later.Checks, check => check.Name == "queued_data_ipv4");
    }

    [Fact]
    public void What_was_found_elsewhere_or_without_a_calibration_does_not()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        PreflightReport first = PreflightRun.Run(new OffloadOptions(), calibrate: false, cancellationToken: stop);
        PreflightMemory elsewhere = first.Memory! with { Key = first.Memory!.Key + "x" };
        Assert.False(PreflightRun.Run(new OffloadOptions(), calibrate: false, elsewhere, stop).IsRemembered);
        Assert.False(PreflightRun.Run(new OffloadOptions(), calibrate: true, first.Memory, stop).IsRemembered);
        Assert.True(PreflightRun.Run(new OffloadOptions(), calibrate: false, first.Memory, stop).IsRemembered);
    }

    [Fact]
    public void A_connection_that_the_kernel_does_not_get_fails_the_trial()
    {
        using var reactor = new TrialReactor();
        using Loopback loopback = Loopback.TryOpen(IPAddress.Loopback)!;
        using TrialPair pair = TrialPair.Connect(reactor, loopback, new ManagedSplicer(useSplice: false)).Splice();
        var failure = Assert.Throws<CheckFailedException>(() => pair.Enter(DataPath.Sockmap, new OffloadCounters()));
        Assert.Contains("the kernel does not get the streams", failure.Message, StringComparison.Ordinal);
        pair.Finish();
        Assert.Equal(DataPath.Copy, pair.Pair.PathFromClient);
    }

    [Fact]
    public void A_socket_left_in_the_map_is_noticed()
    {
        Assert.Equal(Errno.None, KernelEngine.TryCreate(new OffloadOptions(), out KernelEngine? engine));
        Assert.Equal(Errno.None, TrialGround.TryOpen(engine!, out TrialGround? ground, out _));
        using (ground)
        using (Loopback loopback = Loopback.TryOpen(IPAddress.Loopback)!)
        {
            Assert.Equal(CheckOutcome.Passed, PreflightRun.NothingLeft(ground!).Outcome);
            using (var sockets = new TrialSockets(ground!, loopback))
            {
                Assert.Equal(Errno.None, sockets.Insert());
                Assert.Equal(CheckOutcome.Failed, PreflightRun.NothingLeft(ground!).Outcome);
            }

            Assert.Equal(CheckOutcome.Passed, PreflightRun.NothingLeft(ground!).Outcome);
        }
    }
}
