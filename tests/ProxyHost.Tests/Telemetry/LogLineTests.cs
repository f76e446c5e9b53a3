using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Telemetry;

public class LogLineTests
{
    [Fact]
    public void Json_is_one_line_with_the_parameters_as_fields_even_with_an_exception()
    {
        string line = Written(clock => new JsonFormatter(clock), log => log.AcceptEnded(new InvalidOperationException("two\nlines"), "redis \"x\""));
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        using JsonDocument json = JsonDocument.Parse(line);
        Assert.Equal("fatal", json.RootElement.GetProperty("level").GetString());
        Assert.Equal("redis \"x\"", json.RootElement.GetProperty("listener").GetString());
        Assert.Contains("two\nlines", json.RootElement.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_puts_the_message_first_and_the_exception_below()
    {
        string text = Written(clock => new TextFormatter(clock), log => log.AcceptEnded(new InvalidOperationException("why"), "redis"));
        Assert.StartsWith(
            "2026-02-03T04:05:06.789Z fatal Unit: redis: accepting ended by a defect; the daemon is no longer ready\nSystem.InvalidOperationException: why",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_gate_lets_a_few_through_each_second_and_counts_the_rest()
    {
        var clock = new ManualClock();
        var gate = new LogGate(2, clock);
        Assert.Equal([true, true, false, false, false], Enumerable.Range(0, 5).Select(_ => gate.TryPass(out string _)));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(gate.TryPass(out string note));
        Assert.Equal("; 3 more like this were not logged", note);
        Assert.True(gate.TryPass(out note));
        Assert.Equal("", note);
    }

    private static string Written(Func<TimeProvider, ConsoleFormatter> create, Action<ILogger> write)
    {
        using var log = new FormattingLog(create(new ManualClock()));
        write(log);
        return log.Text;
    }

    private sealed class FormattingLog(ConsoleFormatter formatter) : ILogger, IDisposable
    {
        private readonly StringWriter _text = new() { NewLine = "\n" };

        public string Text => _text.ToString();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter1) =>
            formatter.Write(new LogEntry<TState>(logLevel, "Sluice.Unit", eventId, state, exception, formatter1), null, _text);

        public void Dispose() => _text.Dispose();
    }
}
