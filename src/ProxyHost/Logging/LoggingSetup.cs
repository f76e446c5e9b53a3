using Microsoft.Extensions.Logging.Console;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Logging;

/// <summary>Logging to the console, in the shape the configuration asks for.</summary>
internal static class LoggingSetup
{
    /// <summary>Adds the console. Its queue is bounded and drops when full: a reactor must never wait for a terminal.</summary>
    public static void AddSluiceLogging(this ILoggingBuilder logging, LogConfig config)
    {
        logging.SetMinimumLevel(config.Level);
        logging.AddFilter("Microsoft", config.Level > LogLevel.Warning ? config.Level : LogLevel.Warning);

        // A failure to start is reported once, by us, with what to do about it.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level is LogLevel.Error);

        // log.access alone decides about the access log, whatever the level of the rest.
        logging.AddFilter(AccessLog.Category, LogLevel.Information);

        logging.Services.AddSingleton(TimeProvider.System);
        logging.Services.AddSingleton<ConsoleFormatter, TextFormatter>();
        logging.Services.AddSingleton<ConsoleFormatter, JsonFormatter>();
        LogFormat access = config.AccessLog.Format ?? config.Format;
        if (access != config.Format)
            logging.Services.AddSingleton<ConsoleFormatter>(provider => new SplitFormatter(Create(provider, access), Create(provider, config.Format)));
        logging.AddConsole(console =>
        {
            console.FormatterName = access != config.Format ? SplitFormatter.FormatterName
                : config.Format == LogFormat.Json ? JsonFormatter.FormatterName : TextFormatter.FormatterName;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            console.MaxQueueLength = 8192;
        });
        RemoveStockFormatters(logging.Services);
    }

    // All formatters that are there are made, with options that each of them watches, whichever is used.
    private static void RemoveStockFormatters(IServiceCollection services)
    {
        for (int i = services.Count - 1; i >= 0; i--)
        {
            if (services[i].ServiceType == typeof(ConsoleFormatter) && services[i].ImplementationType?.Assembly == typeof(ConsoleFormatter).Assembly)
                services.RemoveAt(i);
        }
    }

    private static ConsoleFormatter Create(IServiceProvider provider, LogFormat format)
    {
        TimeProvider clock = provider.GetRequiredService<TimeProvider>();
        return format == LogFormat.Json ? new JsonFormatter(clock) : new TextFormatter(clock);
    }
}
