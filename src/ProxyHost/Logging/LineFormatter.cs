using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Logging;

/// <summary>Writes each line in the format that goes when it is written; records of connections may have one of their own. Safe from any thread.</summary>
internal sealed class LineFormatter(LogSettings settings, TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "sluice";

    private readonly TextFormatter _text = new(clock);
    private readonly JsonFormatter _json = new(clock);

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        LogConfig log = settings.Current;
        LogFormat format = logEntry.State is ILogRecord ? log.AccessLog.Format ?? log.Format : log.Format;
        ConsoleFormatter formatter = format == LogFormat.Json ? _json : _text;
        formatter.Write(logEntry, scopeProvider, textWriter);
    }
}
