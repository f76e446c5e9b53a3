using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>
/// A type that several keys have, or that holds itself. Schema and manual describe it once, under its name, and refer to
/// it everywhere else; so it is not made before it is used.
/// </summary>
/// <param name="name">Of the description.</param>
/// <param name="summary">A value of it in words.</param>
/// <param name="inner">Makes the type itself.</param>
internal sealed class SharedType<T>(string name, string summary, Func<YamlType<T>> inner) : YamlType<T>, IDefinition
{
    private readonly Lazy<YamlType<T>> _inner = new(inner);

    public string Name => name;

    public override string Description => $"{summary}, as told at `{name}`";

    IReadOnlyList<Key> IDefinition.Keys => _inner.Value.Keys;

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out T value) => _inner.Value.TryRead(at, out value);

    public override void Accept(T value, Cursor at) => _inner.Value.Accept(value, at);

    public override JsonNode? ToNode(T value) => _inner.Value.ToNode(value);

    /// <summary>A reference, wrapped: draft-07 ignores what stands beside one.</summary>
    public override JsonObject Schema() =>
        new() { ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = $"#/definitions/{name}" }) };

    JsonObject IDefinition.Definition() => _inner.Value.Schema();
}
