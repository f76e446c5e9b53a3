using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Upstreams.Builtin;
using Sluice.Redirect.Privileges;

namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// The proxy's place in the generic host. It binds before the admin endpoint does, accepts once that is up as well, and
/// drains before anything else stops: the admin endpoint tells how it goes until the end.
/// </summary>
internal sealed class ProxyService(
    ProxyModel model,
    BuiltinHost builtins,
    ListenerSet listeners,
    Readiness readiness,
    Reloader reloader,
    Drain drain,
    ProcessPrivileges privileges,
    IOptions<HostOptions> host,
    ILogger<ProxyService> log) : IHostedLifecycleService
{
    /// <summary>For everything that stops after the drain.</summary>
    internal static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly long _composed = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (privileges.GivenUpCount > 0 || privileges.User is not null)
            log.PrivilegesGivenUp(privileges.Kept.IsEmpty ? "none" : string.Join(", ", privileges.Kept), privileges.GivenUpCount, privileges.User is { } user ? $"; it runs as {user}" : "");
        if (privileges.ThreadsLeft > 0)
            log.ThreadsKeepPrivileges(privileges.ThreadsLeft);
        AllowForDrain();
        model.Changed += AllowForDrain;
        await listeners.BindAsync(cancellationToken);
        await builtins.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        listeners.Accept();
        readiness.Started();
        log.Ready(SinceStart(), model.Config.Admin.Listen.Text);
        return Task.CompletedTask;
    }

    // The host looks at it when it begins to stop.
    private void AllowForDrain() => host.Value.ShutdownTimeout = Drain.Longest(model.Config.Runtime.DrainTimeout) + Rest;

    private long SinceStart()
    {
        try
        {
            using var self = Process.GetCurrentProcess();
            return (long)(DateTimeOffset.UtcNow - self.StartTime).TotalMilliseconds;
        }
        catch (Win32Exception)
        {
            // A root without /proc, such as a bare chroot: count from when the host was composed.
            return (long)Stopwatch.GetElapsedTime(_composed).TotalMilliseconds;
        }
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Draining();
        await reloader.CloseAsync(cancellationToken);
        await listeners.UnbindAsync(cancellationToken);
        await drain.RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        model.Changed -= AllowForDrain;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        log.Stopped();
        return Task.CompletedTask;
    }
}
