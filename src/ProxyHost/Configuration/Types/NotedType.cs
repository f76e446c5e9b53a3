using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>Tells of every value that is read, and where.</summary>
internal sealed class NotedType<T>(YamlType<T> inner, Action<T, Cursor> note) : YamlType<T>
{
    public override string Description => inner.Description;

    public override IReadOnlyList<Key> Keys => inner.Keys;

    public override bool IsList => inner.IsList;

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out T value)
    {
        if (!inner.TryRead(at, out value)) return false;
        note(value, at);
        return true;
    }

    public override void Accept(T value, Cursor at) => inner.Accept(value, at);

    public override JsonNode? ToNode(T value) => inner.ToNode(value);

    public override JsonObject Schema() => inner.Schema();
}
