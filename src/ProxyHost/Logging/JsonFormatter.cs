using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Sluice.ProxyHost.Logging;

/// <summary>
/// One flat JSON object a line: time, level, category, then the fields of the record, or the message and its
/// parameters. Safe from any thread.
/// </summary>
internal sealed class JsonFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "sluice-json";

    // A log is not a web page: host names and quotes stay as they are.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        ArrayBufferWriter<byte> bytes = buffer ??= new(512);
        bytes.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, clock.GetUtcNow());
            json.WriteString("level"u8, logEntry.LogLevel.ShortName().AsSpan().TrimEnd());
            json.WriteString("category"u8, logEntry.Category);
            WriteState(json, logEntry);
            if (logEntry.Exception is { } exception)
                json.WriteString("exception"u8, exception.ToString());
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    private static void WriteState<TState>(Utf8JsonWriter json, in LogEntry<TState> entry)
    {
        if (entry.State is ILogRecord record)
        {
            record.WriteTo(json);
            return;
        }

        json.WriteString("message"u8, entry.Formatter(entry.State, entry.Exception));
        if (entry.State is not IReadOnlyList<KeyValuePair<string, object?>> fields)
            return;
        foreach ((string name, object? value) in fields)
        {
            if (name == "{OriginalFormat}")
                continue;
            string key = JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
            if (value is int or long)
                json.WriteNumber(key, Convert.ToInt64(value, null));
            else if (value is double number)
                json.WriteNumber(key, number);
            else
                json.WriteString(key, value?.ToString());
        }
    }
}
