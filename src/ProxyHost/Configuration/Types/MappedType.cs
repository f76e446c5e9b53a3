using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>Values that are written as those of another type.</summary>
/// <param name="inner">The type as it is written.</param>
/// <param name="into">What a written value means.</param>
/// <param name="from">How a value is written.</param>
internal sealed class MappedType<TWritten, T>(YamlType<TWritten> inner, Func<TWritten, T> into, Func<T, TWritten> from) : YamlType<T>
{
    public override string Description => inner.Description;

    public override IReadOnlyList<Key> Keys => inner.Keys;

    public override bool IsList => inner.IsList;

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out T value)
    {
        bool whole = inner.TryRead(at, out TWritten? written);
        value = whole ? into(written!) : default;
        return whole;
    }

    public override void Accept(T value, Cursor at) => inner.Accept(from(value), at);

    public override JsonNode? ToNode(T value) => inner.ToNode(from(value));

    public override JsonObject Schema() => inner.Schema();
}
