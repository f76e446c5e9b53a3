using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>One row of a section's table: everything there is to know of a key.</summary>
internal abstract class Key(string name)
{
    /// <summary>As it is written.</summary>
    public string Name { get; } = name;

    /// <summary>What it is for, in a sentence or two. Documentation and schema quote it.</summary>
    public required string Summary { get; init; }

    /// <summary>A value as one would write it, in one line of YAML; null for what is written as keys of its own only.</summary>
    public string? Example { get; init; }

    /// <summary>Whether a running daemon takes another value over; null: as the section that it stands in says, and a whole document says no.</summary>
    public bool? IsReloadable { get; init; }

    /// <summary>Whether a section without it is an error.</summary>
    public abstract bool IsRequired { get; }

    /// <summary>The type in words.</summary>
    public abstract string Description { get; }

    /// <summary>The default as YAML in one line; null when it is nothing, or a section's own defaults.</summary>
    public abstract string? DefaultText { get; }

    /// <summary>The keys below this one, and whether they are those of list items.</summary>
    public abstract (IReadOnlyList<Key> Keys, bool OfItems) Below { get; }

    /// <summary>The schema of the value.</summary>
    public abstract JsonObject Schema();
}

/// <summary>A key of the section that becomes a <typeparamref name="TRecord"/>.</summary>
internal abstract class Key<TRecord>(string name) : Key(name)
{
    public abstract bool TryRead(Cursor at, Values<TRecord> into);

    /// <summary>Takes the default; <paramref name="at"/> is where it would be written, null outside of any document.</summary>
    public abstract void UseDefault(Values<TRecord> into, Cursor? at);

    public abstract void Accept(TRecord record, Cursor at);

    /// <summary>The value as a node; null where the key is left out.</summary>
    public abstract JsonNode? ToNode(TRecord record);
}

/// <summary>A key with its type, and how to get its value back from the record.</summary>
internal sealed class Key<TRecord, TValue>(string name, YamlType<TValue> type, Func<TRecord, TValue> get) : Key<TRecord>(name)
{
    private bool _hasDefault;

    /// <summary>What a section without the key has. A key without a default is required.</summary>
    public TValue Default
    {
        get => _hasDefault ? field! : throw new InvalidOperationException($"{Name} has no default");
        init => (field, _hasDefault) = (value, true);
    }

    /// <summary>The default as it may be written where the value itself depends on the machine.</summary>
    public string? DefaultWord { get; init; }

    /// <summary>The default where it depends on the place, in place of <see cref="Default"/>.</summary>
    public (Func<Cursor, TValue> At, string InWords)? LocalDefault { get; init; }

    public override bool IsRequired => !_hasDefault && LocalDefault is null;

    public override string Description => type.Description;

    public override string? DefaultText =>
        DefaultWord ?? LocalDefault?.InWords ?? (DefaultNode is { } node ? YamlWriter.Inline(node) : null);

    public override (IReadOnlyList<Key> Keys, bool OfItems) Below => (type.Keys, type.IsList);

    public override bool TryRead(Cursor at, Values<TRecord> into)
    {
        if (!type.TryRead(at, out TValue? value)) return false;
        into.Set(this, value);
        return true;
    }

    public override void UseDefault(Values<TRecord> into, Cursor? at)
    {
        TValue value = at is { } here && LocalDefault is { } local ? local.At(here) : Default;
        into.Set(this, value);
        if (at is { } place) type.Accept(value, place);
    }

    public override void Accept(TRecord record, Cursor at) => type.Accept(get(record), at);

    public override JsonNode? ToNode(TRecord record) => type.ToNode(get(record));

    public override JsonObject Schema()
    {
        JsonObject schema = type.Schema();
        schema["description"] = Summary;
        if (DefaultWord is not null) schema["default"] = DefaultWord;
        else if (DefaultNode is { } node) schema["default"] = node;
        return schema;
    }

    // What has keys has its defaults there.
    private JsonNode? DefaultNode => _hasDefault && type.ToNode(Default) is { } node and not JsonObject ? node : null;
}
