using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sluice.ProxyHost.Admin.Live;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Admin;

/// <summary>Kestrel for the admin endpoint: HTTP/1.1 on the configured addresses and nothing else.</summary>
internal static class AdminSetup
{
    /// <summary>Adds the server and its pages.</summary>
    public static void AddAdmin(this WebApplicationBuilder builder, AdminConfig config)
    {
        builder.Services.AddSingleton<AdminGuard>();
        builder.Services.AddSingleton<ConnectionPages>();
        builder.Services.AddSingleton<RecorderPage>();
        builder.Services.AddSingleton<LivePage>();
        builder.Services.AddSingleton<AdminActions>();
        builder.Services.AddSingleton<AdminEndpoint>();
        builder.Services.AddSingleton<AdminTransport>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<AdminTransport>());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            AdminLimits.Set(kestrel.Limits);
            kestrel.Listen(config.Listen.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
            if (config.ReadOnlyListen is { } readOnly)
            {
                kestrel.Listen(readOnly.EndPoint, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    listen.Use(ReadOnlyAddress.Marking);
                });
            }
        });
    }

    /// <summary>Puts the pages in front of the server.</summary>
    public static void UseAdmin(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<AdminActions>().HandleAsync);
        if (TelemetrySetup.IsEnabled(app.Configuration))
            app.UseOpenTelemetryPrometheusScrapingEndpoint();
        app.Run(app.Services.GetRequiredService<AdminEndpoint>().HandleAsync);
    }
}
