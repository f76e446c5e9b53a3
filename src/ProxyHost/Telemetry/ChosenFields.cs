using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.ProxyHost.Logging;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>An access record of which only some fields are written, in an order that somebody has chosen.</summary>
internal sealed class ChosenFields(AccessRecord record, AccessField[] fields) : ILogRecord, IEnumerable<KeyValuePair<string, object?>>
{
    /// <inheritdoc/>
    public void WriteTo(Utf8JsonWriter json)
    {
        foreach (AccessField field in fields)
            field.WriteTo(json, record);
    }

    /// <summary><c>key=value</c> of those that are known, in quotes where a space or a quote is in it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (AccessField field in fields)
        {
            if (field.Of(record) is not { } value)
                continue;
            if (text.Length > 0)
                text.Append(' ');
            string word = value is string[] list ? string.Join(' ', list) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
            text.Append(field.Name).Append('=').Append(word.AsSpan().ContainsAny(" \"=") ? $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : word);
        }

        return text.ToString();
    }

    /// <summary>Those that are known.</summary>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => AccessFields.Known(record, fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
