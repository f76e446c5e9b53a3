using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>
/// One kind of value a key can have: how it is read, written, described to people and described to JSON Schema. The
/// four stand together so that they cannot drift apart. Immutable.
/// </summary>
internal abstract class YamlType<T>
{
    /// <summary>For documentation and "expected ...": such as "a duration, 1ms to 365d".</summary>
    public abstract string Description { get; }

    /// <summary>The keys of a value that is a mapping or a list of mappings.</summary>
    public virtual IReadOnlyList<Key> Keys => [];

    /// <summary>Whether <see cref="Keys"/> are those of each item of a list.</summary>
    public virtual bool IsList => false;

    /// <summary>Reads the value here. Reports every mistake in it, and returns false if there is one.</summary>
    public abstract bool TryRead(Cursor at, [MaybeNullWhen(false)] out T value);

    /// <summary>Enters a value into what spans the document, such as names and addresses; also called for defaults.</summary>
    public virtual void Accept(T value, Cursor at)
    {
    }

    /// <summary>The value as what <see cref="TryRead"/> reads back to an equal one; null where that is to leave the key out.</summary>
    public abstract JsonNode? ToNode(T value);

    /// <summary>A draft-07 schema that accepts what <see cref="TryRead"/> accepts, as far as schemas can tell.</summary>
    public abstract JsonObject Schema();
}
