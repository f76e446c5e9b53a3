using System.Text.Json;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>One field of access records.</summary>
/// <param name="Name">In JSON, in <c>key=value</c> and as an attribute.</param>
/// <param name="Of">Its value: a string, a long, a double or an array of strings; null where it is not known.</param>
internal sealed record AccessField(string Name, Func<AccessRecord, object?> Of)
{
    /// <summary>Writes it as a member; nothing where it is not known.</summary>
    public void WriteTo(Utf8JsonWriter json, AccessRecord record)
    {
        switch (Of(record))
        {
            case string text: json.WriteString(Name, text); break;
            case long number: json.WriteNumber(Name, number); break;
            case double number: json.WriteNumber(Name, number); break;
            case string[] list:
                json.WriteStartArray(Name);
                foreach (string item in list)
                    json.WriteStringValue(item);
                json.WriteEndArray();
                break;
        }
    }
}
