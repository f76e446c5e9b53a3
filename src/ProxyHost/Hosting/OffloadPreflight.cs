using Sluice.ProxyHost.Cli.Doctor;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Splicing.Bypass.Preflight;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// Finds out on a thread of its own whether the kernel may carry connections, once the daemon is ready: nothing waits for it. Until it is
/// through, connections begin in user space and stay there.
/// </summary>
internal sealed class OffloadPreflight(ProxyModel model, TransportFactory transports, PreflightFile file, ILogger<OffloadPreflight> log)
    : IHostedLifecycleService, IDisposable
{
    private static readonly OffloadMode[] Kernels = [OffloadMode.Auto, OffloadMode.Sockmap, OffloadMode.Bypass];

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _started = new();
    private readonly Lock _gate = new();
    private Task _checks = Task.CompletedTask;
    private int _begun;
    private int _bypassBegun;

    /// <summary>Completes when the daemon has started and no check goes on.</summary>
    public Task Completion => EndAsync();

    private BypassOptions Bypassing => new() { UseIngress = model.Config.Runtime.IngressBypass };

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Consider();
        _started.SetResult();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Looks at listeners that have come: goes by what is known, or begins to find out when the first of them wants the kernel. What
    /// nobody has compared for, `auto`, stays in user space then.
    /// </summary>
    public void Consider()
    {
        if (model.Offload.Report is not null)
        {
            Judge();
            // Nobody asked for the bypass by name before, and so not all of it was tried.
            if (Wanted(OffloadMode.Bypass).Any() && model.Offload.BypassReport is { IsTrusted: false, Failure: null } && Interlocked.Exchange(ref _bypassBegun, 1) == 0)
                Begin(CheckBypass);
        }
        else if (Wanted(Kernels).Any() && Interlocked.Exchange(ref _begun, 1) == 0)
            Begin(Check);
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Checks.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();

    private Task Checks
    {
        get
        {
            lock (_gate)
                return _checks;
        }
    }

    private async Task EndAsync()
    {
        await _started.Task;
        await Checks;
    }

    // What runs when the daemon stops is waited for: it uses what goes away then.
    private void Begin(Action checks)
    {
        var done = new TaskCompletionSource();
        lock (_gate)
            _checks = Task.WhenAll(_checks, done.Task);
        var thread = new Thread(() =>
        {
            Guard(checks);
            done.SetResult();
        });
        (thread.Name, thread.IsBackground) = ("preflight", true);
        thread.Start();
    }

    private void Check()
    {
        bool calibrate = Wanted(OffloadMode.Auto).Any();
        var options = new OffloadOptions { Memory = model.Config.Runtime.OffloadMemory };
        PreflightReport report = PreflightRun.Run(options, calibrate, file.Read(), _stop.Token);
        BypassReport bypass = BypassPreflight.Run(Bypassing, onlyIntact: !Wanted(OffloadMode.Bypass).Any(), _stop.Token);
        Conclude(report, bypass);
        if (report is { Memory: { } memory, IsRemembered: false })
            _ = file.TryWrite(memory);
    }

    private void CheckBypass()
    {
        BypassReport bypass = BypassPreflight.Run(Bypassing, cancellationToken: _stop.Token);
        Use(bypass);
        Judge();
        Tell(bypass);
    }

    private void Guard(Action checks)
    {
        try
        {
            checks();
            IdleCollector.GiveBack(); // a reactor, its buffers and all that was read: some megabytes
        }
        catch (OperationCanceledException)
        {
            // The daemon stops before it was known.
        }
        catch (Exception defect)
        {
            log.PreflightDefect(defect);
        }
    }

    private void Use(BypassReport bypass)
    {
        if (bypass.Engine is { } engine)
        {
            model.Offload.Use(engine, Bypassing.UseIngress);
            transports.Bypass(engine);
        }

        model.Offload.BypassReport = bypass;
    }

    private void Conclude(PreflightReport report, BypassReport bypass)
    {
        Use(bypass);
        if (report.Engine is { } engine)
        {
            model.Offload.Use(engine);
            transports.Offload(engine);
        }

        model.Offload.Report = report;
        Judge();
        if (Wanted(OffloadMode.Bypass).Any())
            Tell(bypass);
        if (Wanted(OffloadMode.Auto, OffloadMode.Sockmap).Any())
            Tell(report);
    }

    // The report is there before the listeners are looked at, and a reload has put them in force before it asks for the report:
    // whatever comes between, none is left out.
    private void Judge()
    {
        foreach (ListenerCluster pair in Wanted(Kernels))
            pair.Offload = model.Offload.StandingOf(pair.OffloadChoice);
    }

    private void Tell(BypassReport report)
    {
        if (report.Failure is { } failure)
            log.BypassRefused(failure.Name, failure.Finding, failure.Advice);
        else if (report.IsIntact)
            log.BypassTrusted();
        else
            log.BypassTrustedButNotIntact(report.Checks.First(check => check.Name == BypassReport.Fionread).Finding);
    }

    private void Tell(PreflightReport report)
    {
        if (report.Failure is { } failure)
        {
            if (Wanted(OffloadMode.Sockmap).Any())
                log.OffloadRefusedAlthoughAsked(failure.Name, failure.Finding, failure.Advice);
            else
                log.OffloadRefused(failure.Name, failure.Finding);
            return;
        }

        if (report.IsRemembered)
            log.OffloadStillTrusted((long)report.Elapsed.TotalMilliseconds);
        else
            log.OffloadTrusted((long)report.Elapsed.TotalMilliseconds);
        if (!Wanted(OffloadMode.Auto).Any())
            return;

        string path = DoctorWords.AutoUsesKernel(report) ? "the kernel's sockmap" : "user space";
        foreach (string line in DoctorWords.Of(report.Calibration))
            log.Calibrated(path, line);
    }

    private IEnumerable<ListenerCluster> Wanted(params OffloadMode[] modes) =>
        model.Listeners.SelectMany(listener => listener.Clusters).Where(pair => pair.OffloadChoice.IsWanted && modes.Contains(pair.OffloadChoice.Mode));
}
