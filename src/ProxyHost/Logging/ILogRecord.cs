using System.Text.Json;

namespace Sluice.ProxyHost.Logging;

/// <summary>A log state that knows its own fields, so that writing it neither boxes nor reflects.</summary>
internal interface ILogRecord
{
    /// <summary>Writes the members of a JSON object that is already begun.</summary>
    void WriteTo(Utf8JsonWriter json);
}
