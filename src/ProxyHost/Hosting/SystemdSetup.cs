using Microsoft.Extensions.Hosting.Systemd;

namespace Sluice.ProxyHost.Hosting;

/// <summary>READY=1 and STOPPING=1 for whoever supervises the daemon and wants to know.</summary>
internal static class SystemdSetup
{
    /// <summary>
    /// Goes by NOTIFY_SOCKET alone, as sd_notify(3) does. AddSystemd would also want a parent of the name systemd, which a
    /// wrapper script or another supervisor is not, and would put its own log format in place of the configured one.
    /// </summary>
    public static void AddReadinessNotice(this IServiceCollection services)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
            return;
        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddSingleton<IHostLifetime, SystemdLifetime>();
    }
}
