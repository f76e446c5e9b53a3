namespace Sluice.ProxyHost.Reloading;

/// <summary>Adds what takes over another configuration.</summary>
internal static class ReloadSetup
{
    /// <param name="services">Of the host.</param>
    /// <param name="path">The configuration's file; null: there is none.</param>
    public static void AddReloading(this IServiceCollection services, string? path)
    {
        services.AddSingleton(new ConfigSource(path));
        services.AddSingleton<ReloadHistory>();
        services.AddSingleton<ModelSwitch>();
        services.AddSingleton<Reloader>();
        services.AddHostedService<ReloadTriggers>();
        services.AddHostedService<FileWatch>();
        services.AddHostedService<ReplacedSweep>();
    }
}
