using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Sluice.ProxyHost.Logging;

/// <summary>Writes records one way and messages the other. Safe from any thread.</summary>
/// <param name="records">For <see cref="ILogRecord"/>.</param>
/// <param name="messages">For everything else.</param>
internal sealed class SplitFormatter(ConsoleFormatter records, ConsoleFormatter messages) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "sluice-split";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter) =>
        (logEntry.State is ILogRecord ? records : messages).Write(logEntry, scopeProvider, textWriter);
}
