using System.Collections.Concurrent;
using Sluice.ProxyHost.Configuration;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Splicing.Bypass.Preflight;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.ProxyHost.Model;

/// <summary>What is known of the kernel as a carrier of connections, and how many stayed in user space why. Safe from any thread.</summary>
internal sealed class OffloadState
{
    /// <summary>Why connections are not given to the kernel while the preflight runs.</summary>
    public const string Pending = "preflight_pending";

    /// <summary>Why they are not where the kernel would cost more, or nobody could tell.</summary>
    public const string Calibration = "calibration";

    /// <summary>Why they are not where a program judges them.</summary>
    public const string Program = "program";

    /// <summary>Why they are not where one side is a unix socket by configuration.</summary>
    public const string UnixSocket = "unix_socket";

    /// <summary>Why they are not where their bandwidth is limited.</summary>
    public const string Bandwidth = "bandwidth";

    /// <summary>Those five, and the one check that failed.</summary>
    public const int MostReasons = 6;

    private readonly ConcurrentDictionary<string, FallbackCount> _fallbacks = new();
    private volatile KernelEngine? _engine;
    private volatile PreflightReport? _report;
    private volatile BypassEngine? _bypass;
    private volatile BypassReport? _bypassReport;
    private volatile bool _usesIngress;

    /// <summary>Of the engine; null while there is none.</summary>
    public OffloadCounters? Counters => _engine?.Counters;

    /// <summary>Of the bypass; null while there is none.</summary>
    public BypassEngine? Bypass => _bypass;

    /// <summary>One for each reason of the daemon's own that has come up; the engine counts its own.</summary>
    public IEnumerable<FallbackCount> Fallbacks => _fallbacks.Values;

    /// <summary>How often a rule of one of the listener's programs decided in the kernel, for as long as its maps are there.</summary>
    public long CountOf(ListenerState listener, ProgramState program, int rule) =>
        (listener.Maps.FromClient == program.Stream ? CountOf(listener.Maps, Direction.FromClient, rule) : 0)
        + (listener.Maps.FromUpstream == program.Stream ? CountOf(listener.Maps, Direction.FromUpstream, rule) : 0);

    /// <summary>The count of a reason.</summary>
    public FallbackCount Fallback(string reason) => _fallbacks.GetOrAdd(reason, static name => new FallbackCount(name));

    /// <summary>What the preflight found; null while it has not been through.</summary>
    public PreflightReport? Report { get => _report; set => _report = value; }

    /// <summary>What the preflight found of the bypass; null while it has not been through, or nobody wanted it.</summary>
    public BypassReport? BypassReport { get => _bypassReport; set => _bypassReport = value; }

    /// <summary>How connections for which a configuration chooses so stand at the moment.</summary>
    public OffloadStanding StandingOf(OffloadChoice choice) => choice switch
    {
        { Mode: OffloadMode.Off } => OffloadStanding.Off,
        { Obstacle: not null } => new(false, Fallback(choice.ObstacleName!)),
        { Mode: OffloadMode.Bypass } => _bypassReport is { } found ? Judge(found) : new(false, Fallback(Pending)),
        _ when _report is { } report => Judge(report, mustPay: choice.Mode == OffloadMode.Auto) with
        {
            MayBypass = choice is { Mode: OffloadMode.Auto, HasPrograms: false } && _bypassReport is { IsIntact: true } && !_usesIngress,
        },
        _ => new(false, Fallback(Pending)),
    };

    /// <summary>How those that ask for the bypass by name stand after the preflight.</summary>
    public OffloadStanding Judge(BypassReport report) =>
        report.IsTrusted ? OffloadStanding.Past : new OffloadStanding(false, Fallback(report.Failure?.Name ?? Pending));

    /// <summary>How those of this mode stand after the preflight.</summary>
    public OffloadStanding Judge(PreflightReport report, bool mustPay)
    {
        if (report.Failure is { } failure)
            return new OffloadStanding(false, Fallback(failure.Name));
        return mustPay && report.Calibration is not { IsNoDearer: true }
            ? new OffloadStanding(false, Fallback(Calibration))
            : OffloadStanding.Open;
    }

    /// <summary>Connections are given to this engine from now on.</summary>
    public void Use(KernelEngine engine) => _engine = engine;

    /// <summary>Connections are given to the bypass from now on.</summary>
    /// <param name="engine">It.</param>
    /// <param name="usesIngress">Whether it goes past TCP as well, which is only for those who ask for the bypass by name.</param>
    public void Use(BypassEngine engine, bool usesIngress)
    {
        _usesIngress = usesIngress;
        _bypass = engine;
    }

    private long CountOf(SpliceMaps maps, Direction side, int rule) =>
        (_engine?.CountOf(maps, side, rule) ?? 0) + (_bypass?.CountOf(maps, side, rule) ?? 0);
}
