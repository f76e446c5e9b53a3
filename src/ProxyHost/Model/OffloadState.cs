using System.Collections.Concurrent;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
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

    /// <summary>Those four, and the one check that failed.</summary>
    public const int MostReasons = 5;

    private readonly ConcurrentDictionary<string, FallbackCount> _fallbacks = new();
    private volatile KernelEngine? _engine;

    /// <summary>Of the engine; null while there is none.</summary>
    public OffloadCounters? Counters => _engine?.Counters;

    /// <summary>One for each reason of the daemon's own that has come up; the engine counts its own.</summary>
    public IEnumerable<FallbackCount> Fallbacks => _fallbacks.Values;

    /// <summary>How often a rule of the program for one side of these maps decided in the kernel.</summary>
    public long CountOf(SpliceMaps maps, Direction side, int rule) => _engine?.CountOf(maps, side, rule) ?? 0;

    /// <summary>The count of a reason.</summary>
    public FallbackCount Fallback(string reason) => _fallbacks.GetOrAdd(reason, static name => new FallbackCount(name));

    /// <summary>How a listener of this mode stands after the preflight.</summary>
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
}
