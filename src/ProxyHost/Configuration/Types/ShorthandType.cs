using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>Keys and values, or a single word or text for what most people mean.</summary>
/// <param name="brief">The type of the single word.</param>
/// <param name="full">The keys and values.</param>
/// <param name="expand">What the word means.</param>
/// <param name="shorten">The word for a value, where one will do; false where it takes keys.</param>
internal sealed class ShorthandType<TBrief, T>(
    YamlType<TBrief> brief, YamlType<T> full, Func<TBrief, T> expand, ShorthandType<TBrief, T>.Shorten shorten) : YamlType<T>
{
    /// <summary>Whether a value has a short form, and which.</summary>
    public delegate bool Shorten(T value, [MaybeNullWhen(false)] out TBrief word);

    public override string Description => $"{brief.Description}; or keys and values";

    public override IReadOnlyList<Key> Keys => full.Keys;

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out T value)
    {
        if (at.Node is not YamlScalarNode) return full.TryRead(at, out value);
        bool whole = brief.TryRead(at, out TBrief? word);
        value = whole ? expand(word!) : default;
        return whole;
    }

    public override void Accept(T value, Cursor at) => full.Accept(value, at);

    public override JsonNode? ToNode(T value) => shorten(value, out TBrief? word) ? brief.ToNode(word) : full.ToNode(value);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(brief.Schema(), full.Schema()) };
}
