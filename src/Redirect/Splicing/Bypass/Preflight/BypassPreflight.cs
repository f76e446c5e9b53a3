using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.Redirect.Splicing.Bypass.Preflight;

/// <summary>
/// Finds out whether applications on this host may send past the proxy: whether programs and maps can be made, and, with real bytes over
/// loopback, whether bytes, ends and what an application is told of its socket stay as they were.
/// </summary>
public sealed class BypassPreflight
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ImmutableArray<PreflightCheck>.Builder _checks = ImmutableArray.CreateBuilder<PreflightCheck>();
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly CancellationToken _cancellationToken;
    private long _last = Stopwatch.GetTimestamp();

    private BypassPreflight(CancellationToken cancellationToken) => _cancellationToken = cancellationToken;

    /// <summary>Makes the checks, which blocks the calling thread for some ten milliseconds. Never throws for what the kernel does.</summary>
    /// <param name="options">How connections would be given to the bypass.</param>
    /// <param name="onlyIntact">Stop where an application's view of its socket changes: then nobody would use it.</param>
    /// <param name="cancellationToken">Ends it by an exception before the next trial.</param>
    public static BypassReport Run(BypassOptions options, bool onlyIntact = false, CancellationToken cancellationToken = default)
    {
        var run = new BypassPreflight(cancellationToken);
        BypassEngine? engine = run.Trials(options, onlyIntact);
        bool hasFailed = run._checks.Any(check => check.Outcome == CheckOutcome.Failed && (onlyIntact || check.Name != BypassReport.Fionread));
        return new BypassReport(run._checks.ToImmutable(), hasFailed ? null : engine);
    }

    private BypassEngine? Trials(BypassOptions options, bool onlyIntact)
    {
        Errno errno = BypassEngine.TryCreate(options, out BypassEngine? engine);
        Add(errno == Errno.None
            ? PreflightCheck.Passed("bypass_btf", "the kernel tells where its sockets have what the programs read")
            : PreflightCheck.Failed("bypass_btf", $"the kernel's types cannot be had: {errno}", "Run on Linux 6.5 or later with CONFIG_DEBUG_INFO_BTF."));
        if (engine is null)
            return null;

        errno = BypassGround.TryOpen(engine, out BypassGround? ground, out string log);
        Add(errno == Errno.None
            ? PreflightCheck.Passed("bypass_programs", "the verifier takes both programs, and one is attached to the sockhash")
            : PreflightCheck.Failed(
                "bypass_programs", log.Length == 0 ? $"maps or programs cannot be made: {errno}" : $"the verifier refuses a program with {errno}: {log}",
                "Give the process CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON; otherwise report the kernel's release and this line."));
        if (ground is null)
            return engine;

        using (ground)
        {
            bool hasLoopback = Loop(ground, IPAddress.Loopback, "ipv4", onlyIntact, asksFionread: true) | Loop(ground, IPAddress.IPv6Loopback, "ipv6", onlyIntact, asksFionread: false);
            if (!hasLoopback)
                Add(PreflightCheck.Failed("bypass_loopback", "there is no loopback address to try anything on", "Bring the interface lo up."));
            Add(NothingLeft(ground));
        }

        return engine;
    }

    private bool Loop(BypassGround ground, IPAddress address, string family, bool onlyIntact, bool asksFionread)
    {
        using Loopback? loopback = Loopback.TryOpen(address);
        if (loopback is null)
            return false;

        var trials = new BypassTrials(ground, loopback);
        if (asksFionread)
        {
            Add(Trial.Try(
                BypassReport.Fionread, trials.Fionread,
                "`offload: auto` does not use the bypass here. With `offload: bypass` programs that ask how much waits (nginx, some runtimes) misread it."));
        }

        if (onlyIntact && _checks.Any(check => check.Outcome == CheckOutcome.Failed))
            return true;

        foreach ((string name, Func<string> trial) in trials.All)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Add(Stopwatch.GetElapsedTime(_started) > Patience
                ? PreflightCheck.Failed($"{name}_{family}", "not made, for the earlier ones took too long", "Try `sluice doctor` while the machine is less busy.")
                : Trial.Try($"{name}_{family}", trial));
        }

        return true;
    }

    private static PreflightCheck NothingLeft(BypassGround ground) => Trial.Try("bypass_nothing_left", () =>
    {
        (int pairs, bool isEmpty) = ground.Left();
        if (pairs > 0 || !isEmpty)
            throw new CheckFailedException($"{pairs} connections are left, and the kernel's maps are {(isEmpty ? "empty" : "not empty")}");
        return "no connection and no socket is left in the maps";
    });

    // One follows the other, so each began when the last was there.
    private void Add(PreflightCheck check)
    {
        long now = Stopwatch.GetTimestamp();
        _checks.Add(check with { Elapsed = Stopwatch.GetElapsedTime(_last, now) });
        _last = now;
    }
}
