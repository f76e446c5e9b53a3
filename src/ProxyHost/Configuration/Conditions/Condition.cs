using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Conditions;

/// <summary>One row of the table of conditions: a key of <c>when</c>.</summary>
/// <param name="name">As it is written.</param>
/// <param name="type">What it holds.</param>
/// <param name="writes">Whether a condition can be written under this key.</param>
internal sealed class Condition(string name, YamlType<Predicate> type, Func<Predicate, bool> writes) : Key(name)
{
    public override bool IsRequired => false;

    public override string Description => type.Description;

    public override string? DefaultText => null;

    public override (IReadOnlyList<Key> Keys, bool OfItems) Below => (type.Keys, type.IsList);

    public bool Writes(Predicate condition) => writes(condition);

    public bool TryRead(Cursor at, [MaybeNullWhen(false)] out Predicate condition)
    {
        if (!type.TryRead(at, out condition)) return false;
        at.Context.Places.Add(condition, at);
        return true;
    }

    public JsonNode? ToNode(Predicate condition) => type.ToNode(condition);

    public override JsonObject Schema()
    {
        JsonObject schema = type.Schema();
        schema["description"] = Summary;
        return schema;
    }
}
