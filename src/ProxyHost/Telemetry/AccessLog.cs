using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Configuration;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>Writes one <see cref="AccessRecord"/> for each connection, to the category <c>Sluice.Access</c>. When off it costs one branch.</summary>
internal sealed class AccessLog(ILoggerFactory loggers, LogConfig config)
{
    public const string Category = "Sluice.Access";

    private static readonly EventId Ended = new(100, "ConnectionEnded");
    private readonly ILogger? _log = config.Access ? loggers.CreateLogger(Category) : null;

    /// <summary>Called on the connection's reactor, so everything behind it must not block.</summary>
    public void Write(ProxiedConnection connection, SpliceResult end, TimeSpan lifetime)
    {
        if (_log is { } log && log.IsEnabled(LogLevel.Information))
            log.Log(LogLevel.Information, Ended, AccessRecord.Of(connection, end, lifetime), null, static (record, _) => record.ToString());
    }
}
