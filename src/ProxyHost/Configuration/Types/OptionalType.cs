using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A value that may be nothing, which is written by leaving the key out.</summary>
/// <param name="inner">The type of what is written.</param>
/// <param name="nothing">What stands for nothing: null, 0 or an empty list.</param>
internal sealed class OptionalType<T>(YamlType<T> inner, T? nothing) : YamlType<T?>
{
    public override string Description => inner.Description;

    public override IReadOnlyList<Key> Keys => inner.Keys;

    public override bool IsList => inner.IsList;

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out T? value)
    {
        bool whole = inner.TryRead(at, out T? read);
        value = read;
        return whole;
    }

    public override void Accept(T? value, Cursor at)
    {
        if (!IsNothing(value)) inner.Accept(value, at);
    }

    public override JsonNode? ToNode(T? value) => IsNothing(value) ? null : inner.ToNode(value);

    public override JsonObject Schema() => inner.Schema();

    private bool IsNothing([NotNullWhen(false)] T? value) => value is null || EqualityComparer<T?>.Default.Equals(value, nothing);
}
