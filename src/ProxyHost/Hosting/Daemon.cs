using Sluice.ProxyHost.Admin;
using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Upgrades;
using Sluice.ProxyHost.Upstreams.Builtin;
using Sluice.ProxyHost.Upstreams.Discovery;
using Sluice.ProxyHost.Upstreams.Health;
using Sluice.Redirect.Privileges;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Hosting;

/// <summary>The daemon as a generic host: made from a valid configuration, run until it is told to stop.</summary>
internal static class Daemon
{
    /// <summary>Runs until SIGTERM, SIGINT or cancellation, and the drain after it. The result is the process's exit code.</summary>
    /// <param name="config">Valid.</param>
    /// <param name="path">The file it was read from, and is read from again.</param>
    /// <param name="privileges">What the process has given up.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<int> RunAsync(SluiceConfig config, string path, ProcessPrivileges privileges, CancellationToken cancellationToken = default)
    {
        using var signals = new SignalWatch();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(signals.Stop, cancellationToken);
        using StartSockets sockets = StartSockets.Gather(config.Runtime, Environment.GetEnvironmentVariable);
        WebApplication app = Build(config, path, sockets: sockets, privileges: privileges, signals: signals);
        await using (app)
        {
            try
            {
                await app.StartAsync(stop.Token);
            }
            catch (StartException failure)
            {
                return await CannotStartAsync(failure.Message);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Told to stop before it had started.
                return ExitCode.Success;
            }
            catch (Exception failure) when (failure.GetBaseException() is BindException bind)
            {
                string who = bind.EndPoint.Equals(config.Admin.Listen.EndPoint) || bind.EndPoint.Equals(config.Admin.ReadOnlyListen?.EndPoint) ? "admin: " : "";
                return await CannotStartAsync(who + bind.Message);
            }

            // Reading, composing and starting left several megabytes of garbage that an idle daemon would keep for ever.
            IdleCollector.GiveBack();
            await app.WaitForShutdownAsync(stop.Token);
        }

        return ExitCode.Success;
    }

    /// <summary>Composes the host. Nothing is bound and no thread is started before the host is.</summary>
    /// <param name="config">Valid.</param>
    /// <param name="path">The file it was read from, and is read from again; null: there is none.</param>
    /// <param name="configure">Adds or replaces services.</param>
    /// <param name="sockets">Sockets to use in place of new ones; null: there are none.</param>
    /// <param name="privileges">What the process has given up; null: nothing.</param>
    /// <param name="signals">Tells of SIGHUP; null: it does nothing here.</param>
    public static WebApplication Build(
        SluiceConfig config, string? path = null, Action<IServiceCollection>? configure = null, StartSockets? sockets = null, ProcessPrivileges? privileges = null,
        SignalWatch? signals = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "sluice", ContentRootPath = AppContext.BaseDirectory });
        IServiceCollection services = builder.Services;
        services.AddClosedGenerics();
        services.AddReadinessNotice();
        builder.Logging.AddSluiceLogging(new LogSettings(config.Log));
        builder.AddTelemetry(config);
        builder.AddAdmin(config.Admin);

        services.AddSingleton(new ProxyModel(config));
        services.AddSingleton(config.Runtime);
        services.AddSingleton(sockets ?? StartSockets.None);
        services.AddSingleton(privileges ?? ProcessPrivileges.Untouched);
        services.AddSingleton<TransportFactory>();
        services.AddSingleton(provider => provider.GetRequiredService<TransportFactory>().Create());
        services.AddSingleton<ConnectionTable>();
        services.AddSingleton<ProxyMetrics>();
        services.AddSingleton<AccessLog>();
        services.AddHostedService<AccessIntervals>();
        services.AddSingleton(config.Admin);
        services.AddSingleton<FlightRecorder>();
        services.AddSingleton<AcceptLoops>();
        services.AddSingleton<AcceptFailures>();
        services.AddSingleton<OwnAddresses>();
        services.AddSingleton<ReplacedListeners>();
        services.AddSingleton<ListenerSet>();
        services.AddSingleton<BuiltinHost>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<Drain>();
        services.AddSingleton<PartialDrain>();
        if (signals is not null)
            services.AddSingleton(signals);
        services.AddReloading(path);
        services.AddHostedService<ProxyService>();
        services.AddSingleton<UpgradeServer>();
        services.AddHostedService<UpgradeService>();
        services.AddHostedService<HealthMonitor>();
        services.AddSingleton<INameLookup, DnsLookup>();
        services.AddSingleton<DiscoveryMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<DiscoveryMonitor>());
        services.AddHostedService<IdleCollector>();
        services.AddSingleton(new PreflightFile(Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY")));
        services.AddSingleton<OffloadPreflight>();
        services.AddHostedService(provider => provider.GetRequiredService<OffloadPreflight>());
        configure?.Invoke(services);

        WebApplication app = builder.Build();
        app.UseAdmin();
        return app;
    }

    private static async Task<int> CannotStartAsync(string message)
    {
        await Console.Error.WriteLineAsync($"sluice: cannot start: {message}");
        return ExitCode.Unavailable;
    }
}
