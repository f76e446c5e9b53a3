using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>Writes one <see cref="AccessRecord"/> for each connection, to the category <c>Sluice.Access</c>.</summary>
internal sealed class AccessLog(ILoggerFactory loggers, LogConfig config)
{
    public const string Category = "Sluice.Access";

    private static readonly EventId Ended = new(100, "ConnectionEnded");
    private readonly ILogger? _log = config.Access ? loggers.CreateLogger(Category) : null;

    /// <summary>Whether records are written. One branch for who would have to make one.</summary>
    public bool IsOn => _log is { } log && log.IsEnabled(LogLevel.Information);

    /// <summary>Called on the connection's reactor, so everything behind it must not block.</summary>
    public void Write(AccessRecord record) => _log?.Log(LogLevel.Information, Ended, record, null, static (record, _) => record.ToString());
}
