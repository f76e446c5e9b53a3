using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Logging;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>
/// Writes <see cref="AccessRecord"/>s of connections to the category <c>Sluice.Access</c>: one when each ends, and others where the
/// configuration wants them. Called on the connection's reactor, so everything behind it must not block.
/// </summary>
internal sealed class AccessLog
{
    public const string Category = "Sluice.Access";

    private static readonly EventId Ended = new(100, "ConnectionEnded");
    private static readonly EventId Goes = new(101, "ConnectionGoes");
    private readonly ILogger _log;
    private volatile AccessTerms _terms;

    /// <param name="loggers">Where records go.</param>
    /// <param name="settings">What it says goes for every record from then on, of whatever connection.</param>
    /// <param name="clock">Tells the second of samples.</param>
    public AccessLog(ILoggerFactory loggers, LogSettings settings, TimeProvider clock)
    {
        _log = loggers.CreateLogger(Category);
        _terms = new AccessTerms(settings.Current, clock);
        settings.Changed += () => _terms = new AccessTerms(settings.Current, clock);
    }

    /// <summary>How often connections that go on are written; zero: never.</summary>
    public TimeSpan Interval => _terms.Interval;

    /// <summary>
    /// Whether a record of such an end is to be written, and how many before it were not. When off it costs one branch. Who is told
    /// yes writes one.
    /// </summary>
    public bool Wants(bool isOrdinary, out int leftOut)
    {
        leftOut = 0;
        return _terms is { IsOn: true } terms && _log.IsEnabled(LogLevel.Information) && terms.Gate.TryPass(isOrdinary, out leftOut);
    }

    /// <summary>A connection has ended.</summary>
    public void Write(AccessRecord record) => Write(Ended, record);

    /// <summary>A connection is open. When that is not wanted it costs one branch.</summary>
    public void WriteOpen(ProxiedConnection connection)
    {
        if (_terms.AtOpen && Wants(isOrdinary: true, out int leftOut))
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
        if (!_log.IsEnabled(LogLevel.Information))
            return;
        if (_terms.Fields is { } fields)
            _log.Log(LogLevel.Information, id, new ChosenFields(record, fields), null, static (chosen, _) => chosen.ToString());
        else
            _log.Log(LogLevel.Information, id, record, null, static (record, _) => record.ToString());
    }
}
