using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Sluice.ProxyHost.Logging;

/// <summary>Logging to the console, in the shape the configuration asks for.</summary>
internal static class LoggingSetup
{
    /// <summary>Adds the console. Its queue is bounded and drops when full: a reactor must never wait for a terminal.</summary>
    public static void AddSluiceLogging(this ILoggingBuilder logging, LogSettings settings)
    {
        IServiceCollection services = logging.Services;
        services.AddSingleton(settings);
        services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(settings);
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ConsoleFormatter, LineFormatter>();
        logging.AddConsole(console =>
        {
            console.FormatterName = LineFormatter.FormatterName;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            console.MaxQueueLength = 8192;
        });
        RemoveStockFormatters(services);
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
}
