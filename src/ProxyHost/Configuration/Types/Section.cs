using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A mapping with known keys that becomes a record: the table that reader, printer, schema and manual share.</summary>
/// <param name="keys">In the order in which people would write them.</param>
/// <param name="build">Makes the record once every key has its value.</param>
internal sealed class Section<T>(Key<T>[] keys, Func<Values<T>, T> build) : YamlType<T>
{
    public override string Description => "keys and values";

    /// <summary>Looks at what the keys say together, and reports; also called when some could not be read.</summary>
    public Action<Values<T>, Cursor>? Check { get; init; }

    /// <summary>Adds to the schema what it can tell of that.</summary>
    public Action<JsonObject>? Constrain { get; init; }

    public override IReadOnlyList<Key> Keys => keys;

    /// <summary>What a document that does not have the section gets. Only where no key is required.</summary>
    public T Defaults()
    {
        var values = new Values<T>();
        foreach (Key<T> key in keys) key.UseDefault(values, at: null);
        return build(values);
    }

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (at.Node is not YamlMappingNode mapping)
            return at.Unexpected($"the keys {KeyNames.List(keys)}", null, out value);
        var values = new Values<T>();
        var seen = new HashSet<Key>();
        bool whole = true;
        foreach ((YamlNode name, YamlNode node) in mapping.Children) whole &= TryReadEntry(at, name, node, values, seen);
        foreach (Key<T> key in keys.Where(k => !seen.Contains(k))) whole &= TryDefault(at, key, values);
        int errors = at.Context.Diagnostics.ErrorCount;
        Check?.Invoke(values, at);
        whole &= at.Context.Diagnostics.ErrorCount == errors;
        if (whole) value = build(values);
        return whole;
    }

    public override void Accept(T value, Cursor at)
    {
        foreach (Key<T> key in keys) key.Accept(value, at.Key(key.Name, at.Node));
    }

    public override JsonNode ToNode(T value)
    {
        var map = new JsonObject();
        foreach (Key<T> key in keys)
        {
            if (key.ToNode(value) is { } node) map[key.Name] = node;
        }
        return map;
    }

    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (Key<T> key in keys)
        {
            properties[key.Name] = key.Schema();
            if (key.IsRequired) required.Add((JsonNode)key.Name);
        }
        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (required.Count > 0) schema["required"] = required;
        Constrain?.Invoke(schema);
        return schema;
    }

    private bool TryReadEntry(Cursor at, YamlNode nameNode, YamlNode node, Values<T> values, HashSet<Key> seen)
    {
        if (!KeyNames.TryFind(at, nameNode, keys, out Key<T>? key)) return false;
        seen.Add(key);
        return key.TryRead(at.Key(key.Name, node), values);
    }

    private static bool TryDefault(Cursor at, Key<T> key, Values<T> values)
    {
        string? example = key.Example is null ? null : $"add something like `{key.Name}: {key.Example}`";
        if (key.IsRequired) at.Error($"`{key.Name}` is missing", example);
        else key.UseDefault(values, at.Key(key.Name, at.Node) with { IsDefault = true });
        return !key.IsRequired;
    }
}
