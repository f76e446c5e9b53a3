using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>One of a few words, or null, which is written by leaving the key out.</summary>
internal sealed class OptionalChoiceType<T>(ChoiceType<T> choice) : YamlType<T?>
    where T : struct
{
    public override string Description => choice.Description;

    public override bool TryRead(Cursor at, out T? value)
    {
        bool whole = choice.TryRead(at, out T read);
        value = whole ? read : null;
        return whole;
    }

    public override JsonNode? ToNode(T? value) => value is { } word ? choice.ToNode(word) : null;

    public override JsonObject Schema() => choice.Schema();
}
