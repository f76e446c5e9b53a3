using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Tests.Telemetry;

/// <summary>Keeps what is logged: access records as records, exceptions, and every other line as text.</summary>
internal sealed class RecordingLoggers : ILoggerFactory, ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<object> _entries = new();

    public IReadOnlyList<AccessRecord> Access => [.. _entries.OfType<AccessRecord>()];

    public IReadOnlyList<Exception> Errors => [.. _entries.OfType<Exception>()];

    public IReadOnlyList<string> Lines => [.. _entries.OfType<string>()];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (state is AccessRecord record)
            _entries.Enqueue(record);
        else
            _entries.Enqueue(formatter(state, exception));
        if (exception is not null)
            _entries.Enqueue(exception);
    }

    public void Dispose()
    {
    }
}
