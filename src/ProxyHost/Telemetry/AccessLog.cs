using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// Writes <see cref="AccessRecord"/>s of connections to the category <c>Sluice.Access</c>: one when each ends, and others where the
/// configuration wants them. Called on the connection's reactor, so everything behind it must not block.
/// </summary>
internal sealed class AccessLog(ILoggerFactory loggers, LogConfig config, TimeProvider clock)
{
    public const string Category = "Sluice.Access";

    private static readonly EventId Ended = new(100, "ConnectionEnded");
    private static readonly EventId Goes = new(101, "ConnectionGoes");
    private readonly ILogger? _log = config.Access ? loggers.CreateLogger(Category) : null;
    private readonly AccessGate _gate = new(config.AccessLog.Sample, clock);
    private readonly AccessField[]? _fields = config.AccessLog.Fields is { IsEmpty: false } names ? AccessFields.Of(names) : null;

    /// <summary>How often connections that go on are written; zero: never.</summary>
    public TimeSpan Interval => config.Access ? config.AccessLog.Interval : TimeSpan.Zero;

    /// <summary>
    /// Whether a record of such an end is to be written, and how many before it were not. When off it costs one branch. Who is told
    /// yes writes one.
    /// </summary>
    public bool Wants(bool isOrdinary, out int leftOut)
    {
        leftOut = 0;
        return _log is { } log && log.IsEnabled(LogLevel.Information) && _gate.TryPass(isOrdinary, out leftOut);
    }

    /// <summary>A connection has ended.</summary>
    public void Write(AccessRecord record) => Write(Ended, record);

    /// <summary>A connection is open. When that is not wanted it costs one branch.</summary>
    public void WriteOpen(ProxiedConnection connection)
    {
        if (config.AccessLog.AtOpen && Wants(isOrdinary: true, out int leftOut))
            Write(Goes, AccessRecord.OfLive(connection, "open") with { LeftOut = leftOut });
    }

    /// <summary>A connection goes on. From any thread.</summary>
    public void WriteInterval(ProxiedConnection connection)
    {
        if (Wants(isOrdinary: true, out int leftOut))
            Write(Goes, AccessRecord.OfLive(connection, "interval") with { LeftOut = leftOut });
    }

    private void Write(EventId id, AccessRecord record)
    {
        if (_log is not { } log || !log.IsEnabled(LogLevel.Information))
            return;
        if (_fields is null)
            log.Log(LogLevel.Information, id, record, null, static (record, _) => record.ToString());
        else
            log.Log(LogLevel.Information, id, new ChosenFields(record, _fields), null, static (chosen, _) => chosen.ToString());
    }
}
