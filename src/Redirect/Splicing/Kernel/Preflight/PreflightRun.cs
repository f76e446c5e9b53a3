using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>
/// Finds out whether this kernel may be given connections: reads what can be read, tries bpf(2), and moves real bytes over
/// loopback through the real splicer on a reactor of its own. What a check needs and an earlier one did not find makes it skipped.
/// </summary>
public sealed class PreflightRun
{
    // A kernel that goes wrong in one trial mostly makes the next ones wait as well.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly OffloadOptions _options;
    private readonly PreflightMemory? _earlier;
    private readonly KernelFacts _facts;
    private readonly CancellationToken _cancellationToken;
    private readonly ImmutableArray<PreflightCheck>.Builder _checks = ImmutableArray.CreateBuilder<PreflightCheck>();
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _last = Stopwatch.GetTimestamp();
    private bool _isRemembered;

    private PreflightRun(OffloadOptions options, KernelFacts facts, PreflightMemory? earlier, CancellationToken cancellationToken) =>
        (_options, _facts, _earlier, _cancellationToken) = (options, facts, earlier, cancellationToken);

    private bool HasFailed => _checks.Any(check => check.Outcome == CheckOutcome.Failed);

    /// <summary>
    /// Makes every check, which takes some hundred milliseconds and blocks the calling thread: give it one of its own. Never throws
    /// for what the kernel does.
    /// </summary>
    /// <param name="options">How connections would be given to the kernel.</param>
    /// <param name="calibrate">Measure as well what both paths cost in CPU, where every check passes.</param>
    /// <param name="earlier">
    /// What a preflight found before. Where nothing of what it was found under has changed, the trials on loopback and the calibration are not
    /// made again; rights, BTF and what the verifier says of the program are looked at every time.
    /// </param>
    /// <param name="cancellationToken">Ends it by an exception before the next trial.</param>
    public static PreflightReport Run(
        OffloadOptions options, bool calibrate, PreflightMemory? earlier = null, CancellationToken cancellationToken = default)
    {
        KernelFacts facts = KernelFacts.Read();
        string key = Preflight.Surroundings.Key(facts);
        bool goes = earlier is not null && key.Length > 0 && earlier.Key == key && (!calibrate || earlier.Calibration is not null);
        var run = new PreflightRun(options, facts, goes ? earlier : null, cancellationToken);
        run.Surroundings();
        KernelEngine? engine = run.Trials(calibrate, out Calibration? calibration);
        return new PreflightReport(facts, run._checks.ToImmutable(), calibration, engine, Stopwatch.GetElapsedTime(run._started))
        {
            Memory = engine is null || key.Length == 0 ? null : new PreflightMemory(key, calibration),
            IsRemembered = run._isRemembered,
        };
    }

    private void Surroundings()
    {
        Add(SurroundingChecks.KernelVersion(_facts));
        Add(SurroundingChecks.Capabilities(_facts));
        if (HasFailed)
        {
            Skip("seccomp", "bpf_call");
        }
        else
        {
            Errno answer = BpfChecks.AskForMap();
            Add(SurroundingChecks.Seccomp(_facts, answer));
            if (HasFailed)
                Skip("bpf_call");
            else
                Add(SurroundingChecks.BpfCall(_facts, answer));
        }

        Add(SurroundingChecks.Lockdown(_facts));
        Add(SurroundingChecks.Sysctls(_facts));
    }

    private KernelEngine? Trials(bool calibrate, out Calibration? calibration)
    {
        calibration = null;
        KernelEngine? engine = null;
        if (HasFailed)
            Skip("btf"); // which is megabytes to read
        else
            Add(BpfChecks.Btf(_options, out engine));
        if (engine is null)
        {
            Skip("mapped_records", "forced_send_buffer", "program");
            SkipLoopback();
            return null;
        }

        Add(BpfChecks.Memory());
        Add(BpfChecks.SendBuffer(_options.Window));
        Add(BpfChecks.Program(engine, out TrialGround? ground));
        if (ground is null)
        {
            SkipLoopback();
            return null;
        }

        if (_earlier is not null)
        {
            ground.Dispose();
            Remember();
            calibration = _earlier.Calibration;
            return HasFailed ? null : engine;
        }

        using (ground)
        {
            bool hasLoopback = Loop(ground, IPAddress.Loopback, "ipv4") | Loop(ground, IPAddress.IPv6Loopback, "ipv6");
            if (!hasLoopback)
                Add(PreflightCheck.Failed("loopback", "there is no loopback address to try anything on", "Bring the interface lo up."));
            Add(NothingLeft(ground));
            _cancellationToken.ThrowIfCancellationRequested();
            if (calibrate && !HasFailed)
                calibration = Attempt(() => Calibrator.Measure(ground));
        }

        return HasFailed ? null : engine;
    }

    private bool Loop(TrialGround ground, IPAddress address, string family)
    {
        using Loopback? loopback = Loopback.TryOpen(address);
        if (loopback is null)
        {
            Add(PreflightCheck.Skipped($"loopback_{family}", $"{address} cannot be had here"));
            return false;
        }

        PreflightCheck connected = Trial.Try($"loopback_{family}", loopback.Probe, "Bring the interface lo up.");
        Add(connected);
        if (connected.Outcome != CheckOutcome.Passed)
            return true;

        foreach ((string name, Func<string> trial) in new LoopbackTrials(ground, loopback).All)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Add(Stopwatch.GetElapsedTime(_started) > Patience
                ? PreflightCheck.Failed($"{name}_{family}", "not made, for the earlier ones took too long", "Try `sluice doctor` while the machine is less busy.")
                : Trial.Try($"{name}_{family}", trial, evidence: () => RecordsOf(ground)));
        }

        return true;
    }

    // Trials come one after the other, so the first records are those of the one that has just failed.
    private static string RecordsOf(TrialGround ground) => $"; client {ground.Offload.Table[0]}; upstream {ground.Offload.Table[1]}";

    internal static PreflightCheck NothingLeft(TrialGround ground) => Trial.Try("nothing_left", () =>
    {
        (int pairs, bool isEmpty) = ground.Reactor.Run(() => (ground.Offload.Table.Count, ground.Offload.IsEmpty()));
        if (pairs > 0 || !isEmpty)
            throw new CheckFailedException($"{pairs} pairs are left, and the kernel's maps are {(isEmpty ? "empty" : "not empty")}");
        if (ground.Engine.Counters.Carried != 0)
            throw new CheckFailedException($"{ground.Engine.Counters.Carried} directions are still counted as the kernel's");
        return "no socket and no cookie is left in the maps";
    });

    private static Calibration? Attempt(Func<Calibration?> measure)
    {
        try
        {
            return measure();
        }
        catch (CheckFailedException)
        {
            return null;
        }
    }

    private void Remember()
    {
        _isRemembered = true;
        foreach (string name in (ReadOnlySpan<string>)["loopback_ipv4", "loopback_ipv6", "nothing_left"])
            Add(PreflightCheck.Skipped(name, "every trial passed at an earlier start since the kernel booted"));
    }

    private void SkipLoopback() => Skip("loopback_ipv4", "loopback_ipv6", "nothing_left");

    private void Skip(params ReadOnlySpan<string> names)
    {
        string why = $"{_checks.First(check => check.Outcome == CheckOutcome.Failed).Name} failed";
        foreach (string name in names)
            Add(PreflightCheck.Skipped(name, why));
    }

    // One follows the other, so each began when the last was there.
    private void Add(PreflightCheck check)
    {
        long now = Stopwatch.GetTimestamp();
        _checks.Add(check with { Elapsed = Stopwatch.GetElapsedTime(_last, now) });
        _last = now;
    }
}
