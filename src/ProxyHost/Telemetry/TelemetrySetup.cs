using System.Collections;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// OpenTelemetry: always Prometheus on the admin endpoint, and metrics and logs by OTLP where the standard OTEL_EXPORTER_OTLP_ variables
/// name a receiver. OTEL_SDK_DISABLED=true leaves it all out.
/// </summary>
internal static class TelemetrySetup
{
    // For what later configurations bring.
    private const int RoomToGrow = 2;

    /// <summary>Adds the meters and exporters.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, SluiceConfig config)
    {
        var limits = new CardinalityLimits(config);
        builder.Configuration.AddInMemoryCollection(StandardVariables());
        if (!IsEnabled(builder.Configuration))
            return;
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
            .ConfigureResource(resource => resource.AddService("sluice", serviceVersion: ThisVersion()).AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(ProxyMetrics.MeterName).AddRuntimeInstrumentation().AddPrometheusExporter();
                metrics.AddView(instrument => new MetricStreamConfiguration { CardinalityLimit = RoomToGrow * limits.Of(instrument.Name) });
                if (HasReceiver(builder.Configuration, "METRICS"))
                    metrics.AddOtlpExporter();
            });
        // Where no receiver is named no provider is made, and nothing is paid for it.
        if (HasReceiver(builder.Configuration, "LOGS") && builder.Configuration["OTEL_LOGS_EXPORTER"] != "none")
            telemetry.WithLogging(logs => logs.AddOtlpExporter(), options => options.IncludeFormattedMessage = true);
    }

    /// <summary>False when OTEL_SDK_DISABLED says so.</summary>
    public static bool IsEnabled(IConfiguration configuration) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);

    private static bool HasReceiver(ConfigurationManager configuration, string signal) =>
        !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])
        || !string.IsNullOrEmpty(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]);

    private static string? ThisVersion() => typeof(TelemetrySetup).Assembly.GetName().Version?.ToString(3);

    private static IEnumerable<KeyValuePair<string, string?>> StandardVariables()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Key is string name && name.StartsWith("OTEL_", StringComparison.Ordinal))
                yield return new(name, variable.Value as string);
        }
    }
}
