using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.Redirect;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Splicing.Bypass.Preflight;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.ProxyHost.Tests.Model;

/// <summary>Whether the connections of a listener may go to the kernel, and what is counted where they may not.</summary>
public sealed class OffloadStandingTests
{
    private static readonly RuleSet Guard = new("guard", [new Rule("none", new AnyOf([]), new RuleAction(RuleVerdict.Drop))], new RuleAction(RuleVerdict.Pass));
    private static readonly RuleSet Framed = Guard with { Name = "framed", Framing = new Delimiter([(byte)10]) };
    private static readonly CalibrationFigure NoDearer = new("t", "u", 2, 1, 7, 7, CalibrationVerdict.NoDearer);

    [Theory]
    [InlineData(OffloadMode.Off, null, null)]
    [InlineData(OffloadMode.Sockmap, OffloadMode.Off, null)]
    [InlineData(OffloadMode.Auto, null, "preflight_pending")]
    [InlineData(OffloadMode.Sockmap, null, "preflight_pending")]
    [InlineData(OffloadMode.Off, OffloadMode.Sockmap, "preflight_pending")]
    [InlineData(OffloadMode.Off, OffloadMode.Bypass, "preflight_pending")]
    [InlineData(OffloadMode.Bypass, null, "preflight_pending")]
    public void Before_the_preflight_is_through_none_may(OffloadMode all, OffloadMode? own, string? reason) =>
        Assert.Equal((false, reason), Standing(Configs.Listener() with { Offload = own }, all));

    [Theory]
    [InlineData(OffloadMode.Off, null, OffloadMode.Bypass, OffloadMode.Bypass)]
    [InlineData(OffloadMode.Off, OffloadMode.Off, OffloadMode.Sockmap, OffloadMode.Sockmap)]
    [InlineData(OffloadMode.Sockmap, OffloadMode.Bypass, OffloadMode.Off, OffloadMode.Off)]
    [InlineData(OffloadMode.Sockmap, OffloadMode.Bypass, null, OffloadMode.Bypass)]
    [InlineData(OffloadMode.Sockmap, null, null, OffloadMode.Sockmap)]
    public void A_cluster_says_it_before_its_listener_and_that_before_all(OffloadMode all, OffloadMode? listener, OffloadMode? cluster, OffloadMode expected)
    {
        SluiceConfig config = Configs.Of(Configs.Cluster(endpoints: Configs.Ip(1)) with { Offload = cluster }, Configs.Listener() with { Offload = listener });
        var model = new ProxyModel(config with { Runtime = config.Runtime with { Offload = all } });
        Assert.Equal(expected, model.Listeners[0].Clusters[0].OffloadChoice.Mode);
    }

    [Fact]
    public void Each_cluster_of_a_listener_stands_by_itself()
    {
        RouteConfig route = new("other", new AnyOf([]), "other");
        SluiceConfig config = Configs.Of(Configs.Cluster(endpoints: Configs.Ip(1)), Configs.Listener() with { Routes = [route] });
        config = config with { Clusters = [.. config.Clusters, Configs.Cluster("other", endpoints: Configs.Ip(2)) with { Offload = OffloadMode.Bypass }] };
        var model = new ProxyModel(config);
        Assert.Equal([(false, null), (false, "preflight_pending")], model.Listeners[0].Clusters.Select(pair => Seen(pair.Offload)));
    }

    [Fact]
    public void A_cluster_that_comes_to_say_otherwise_stands_anew_and_its_listener_with_it()
    {
        SluiceConfig config = Configs.Of(Configs.Cluster(endpoints: Configs.Ip(1)), Configs.Listener());
        var model = new ProxyModel(config);
        var next = new ModelSnapshot(config with { Clusters = [config.Clusters[0] with { Offload = OffloadMode.Sockmap }] }, model.Offload, model.Current);
        Assert.Equal((false, "preflight_pending"), Seen(next.Listeners[0].Clusters[0].Offload));
        Assert.Same(model.Listeners[0].Live, next.Listeners[0].Live);
    }

    [Fact]
    public void A_listener_whose_program_the_kernel_cannot_run_may_never() =>
        Assert.Equal((false, "program"), Standing(Configs.Listener() with { Programs = new ProgramNames(FromUpstream: "framed") }, OffloadMode.Sockmap));

    [Fact]
    public void A_listener_whose_program_the_kernel_can_run_waits_for_the_preflight() =>
        Assert.Equal((false, "preflight_pending"), Standing(Configs.Listener() with { Programs = new ProgramNames(FromUpstream: "guard") }, OffloadMode.Sockmap));

    [Fact]
    public void A_listener_on_a_unix_socket_may_never() =>
        Assert.Equal((false, "unix_socket"), Standing(Configs.Listener(address: new UnixDomainSocketEndPoint("/x")), OffloadMode.Sockmap));

    [Fact]
    public void A_listener_of_embedded_services_may_never() =>
        Assert.Equal((false, "unix_socket"), Standing(Configs.Listener(), OffloadMode.Sockmap, endpoint: Configs.Builtin("echo")));

    [Fact]
    public void A_listener_whose_bandwidth_is_limited_may_never() =>
        Assert.Equal((false, "bandwidth"), Standing(Configs.Listener() with { Bandwidth = new BandwidthConfig(1000, null, 0, true) }, OffloadMode.Sockmap));

    [Fact]
    public void Without_reactors_there_is_nothing_to_count() =>
        Assert.Equal((false, null), Standing(Configs.Listener(), OffloadMode.Sockmap, TransportKind.Sockets));

    [Fact]
    public void A_check_that_failed_is_the_reason()
    {
        PreflightReport report = Report(new PreflightCheck("btf", CheckOutcome.Passed, ""), new PreflightCheck("seccomp", CheckOutcome.Failed, ""));
        Assert.Equal((false, "seccomp"), Judged(report, mustPay: true));
        Assert.Equal((false, "seccomp"), Judged(report, mustPay: false));
    }

    [Theory]
    [InlineData(CalibrationVerdict.NoDearer, null)]
    [InlineData(CalibrationVerdict.Dearer, "calibration")]
    [InlineData(CalibrationVerdict.Undecided, "calibration")]
    public void Auto_asks_for_the_price_as_well(CalibrationVerdict verdict, string? reason)
    {
        PreflightReport report = Report() with { Calibration = new Calibration([NoDearer, NoDearer with { Verdict = verdict }], "") };
        Assert.Equal((reason is null, reason), Judged(report, mustPay: true));
        Assert.Equal((true, null), Judged(report, mustPay: false));
    }

    [Fact]
    public void What_a_program_cannot_judge_at_the_sender_does_not_go_past_the_proxy() =>
        Assert.Equal((false, "program"), Standing(Configs.Listener() with { Programs = new ProgramNames(FromUpstream: "framed") }, OffloadMode.Bypass));

    [Fact]
    public void A_program_that_judges_at_the_sender_lets_its_bytes_past_the_proxy() =>
        Assert.Equal((false, "preflight_pending"), Standing(Configs.Listener() with { Programs = new ProgramNames(FromUpstream: "guard") }, OffloadMode.Bypass));

    [Fact]
    public void The_bypass_stands_by_its_own_checks()
    {
        Assert.Equal((false, "bypass_reset_ipv4"), Seen(new OffloadState().Judge(Bypass(
            new PreflightCheck(BypassReport.Fionread, CheckOutcome.Failed, ""), new PreflightCheck("bypass_reset_ipv4", CheckOutcome.Failed, "")))));
        Assert.Null(Bypass(new PreflightCheck(BypassReport.Fionread, CheckOutcome.Failed, "")).Failure); // whoever asks by name gets it
    }

    [Theory]
    [InlineData(CheckOutcome.Passed, true)]
    [InlineData(CheckOutcome.Failed, false)]
    [InlineData(CheckOutcome.Skipped, false)]
    [InlineData(null, false)]
    public void Auto_has_the_bypass_only_where_applications_are_told_how_much_waits_and_the_sockmap_never(CheckOutcome? fionread, bool has)
    {
        Rights.RequireKernel();
        Assert.Equal(Errno.None, BypassEngine.TryCreate(new BypassOptions(), out BypassEngine? engine));
        PreflightCheck[] checks = fionread is { } outcome ? [new(BypassReport.Fionread, outcome, "")] : [];
        var state = new OffloadState { Report = Report(), BypassReport = new BypassReport([.. checks], engine) };
        Assert.Equal(has, state.StandingOf(new(OffloadMode.Auto, null, null, OffloadMode.Auto)).MayBypass);
        Assert.False(state.StandingOf(new(OffloadMode.Auto, null, null, OffloadMode.Auto) { HasPrograms = true }).MayBypass);
        Assert.False(state.StandingOf(new(OffloadMode.Sockmap, null, null, OffloadMode.Sockmap)).MayBypass);
        Assert.True(state.StandingOf(new(OffloadMode.Bypass, null, null, OffloadMode.Bypass)).MayBypass);
    }

    [Fact]
    public void What_nobody_could_measure_does_not_pay() => Assert.Equal((false, "calibration"), Judged(Report(), mustPay: true));

    [Fact]
    public void Listeners_that_fall_back_for_one_reason_count_together()
    {
        var state = new OffloadState();
        state.Fallback("a").Add();
        state.Fallback("a").Add();
        state.Fallback("b").Add();
        Assert.Equal([("a", 2), ("b", 1)], state.Fallbacks.Select(one => (one.Reason, one.Value)).Order());
    }

    private static (bool, string?) Standing(
        ListenerConfig listener, OffloadMode mode, TransportKind transport = TransportKind.Reactor, EndpointConfig? endpoint = null)
    {
        SluiceConfig config = Configs.Of(Configs.Cluster(endpoints: endpoint ?? Configs.Ip(1)), listener) with { Programs = [Guard, Framed] };
        var model = new ProxyModel(config with { Runtime = config.Runtime with { Offload = mode, Transport = transport } });
        return Seen(model.Listeners[0].Clusters[0].Offload);
    }

    private static PreflightReport Report(params PreflightCheck[] checks) => new(new KernelFacts(), [.. checks], null, null, TimeSpan.Zero);

    private static BypassReport Bypass(params PreflightCheck[] checks) => new([.. checks], null);

    private static (bool, string?) Judged(PreflightReport report, bool mustPay) => Seen(new OffloadState().Judge(report, mustPay));

    private static (bool, string?) Seen(OffloadStanding standing) => (standing.MayOffload, standing.Fallback?.Reason);
}
