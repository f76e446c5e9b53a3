using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Upgrades;
using Sluice.ProxyHost.Upstreams.Builtin;
using Sluice.ProxyHost.Upstreams.Health;

namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// Names the loggers and options that a start asks for. The host would make them of open generic types, and a native binary builds
/// such a type at run time: a fifth of the time until ready went there. What is missing here works all the same, only slower.
/// </summary>
internal static class ClosedGenerics
{
    /// <summary>Before anything that adds its own.</summary>
    public static void AddClosedGenerics(this IServiceCollection services)
    {
        services.AddLogger<AcceptFailures>();
        services.AddLogger<ApplicationLifetime>();
        services.AddLogger<BuiltinHost>();
        services.AddLogger<Drain>();
        services.AddLogger<FileWatch>();
        services.AddLogger<HealthMonitor>();
        services.AddLogger<ListenerSet>();
        services.AddLogger<OffloadPreflight>();
        services.AddLogger<PartialDrain>();
        services.AddLogger<ProxyService>();
        services.AddLogger<Reloader>();
        services.AddLogger<TransportFactory>();
        services.AddLogger<UpgradeServer>();
        services.AddLogger<UpgradeService>();
        services.AddOptionsOf<ConsoleLifetimeOptions>();
        services.AddOptionsOf<ConsoleLoggerOptions>();
        services.AddOptionsOf<FormOptions>();
        services.AddOptionsOf<HostOptions>();
        services.AddOptionsOf<KestrelServerOptions>();
        services.AddOptionsOf<LoggerFactoryOptions>();
        services.AddOptionsOf<LoggerFilterOptions>();
        services.AddOptionsOf<MetricsOptions>();
        services.AddOptionsOf<PrometheusAspNetCoreOptions>();
    }

    private static void AddLogger<T>(this IServiceCollection services) =>
        services.AddSingleton<ILogger<T>>(provider => new Logger<T>(provider.GetRequiredService<ILoggerFactory>()));

    private static void AddOptionsOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        this IServiceCollection services)
        where T : class
    {
        services.AddSingleton<IOptionsFactory<T>>(provider => new OptionsFactory<T>(
            provider.GetServices<IConfigureOptions<T>>(), provider.GetServices<IPostConfigureOptions<T>>(), provider.GetServices<IValidateOptions<T>>()));
        services.AddSingleton<IOptionsMonitorCache<T>>(_ => new OptionsCache<T>());
        services.AddSingleton<IOptionsMonitor<T>>(provider => new OptionsMonitor<T>(
            provider.GetRequiredService<IOptionsFactory<T>>(),
            provider.GetServices<IOptionsChangeTokenSource<T>>(),
            provider.GetRequiredService<IOptionsMonitorCache<T>>()));
        services.AddSingleton<IOptions<T>>(provider => new OptionsManager<T>(provider.GetRequiredService<IOptionsFactory<T>>()));
    }
}
