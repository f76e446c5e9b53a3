using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Schema;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A value that is written as text: names, addresses, durations, sizes.</summary>
internal abstract class TextType<T> : YamlType<T>
{
    /// <summary>The text's meaning.</summary>
    public abstract Parsed<T> Parse(string text);

    /// <summary>A text that <see cref="Parse"/> turns back into the value.</summary>
    public abstract string Format(T value);

    /// <summary>A pattern (ECMA 262) that every good text matches.</summary>
    protected abstract string Pattern { get; }

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!at.TryScalar(Description, out ScalarValue scalar)) return false;
        if (scalar.Kind == ScalarKind.Null) return at.Unexpected(Description, "give a value or remove the key", out value);
        Parsed<T> parsed = Parse(scalar.Text);
        if (parsed.Problem is { } problem)
        {
            at.Error(problem.Message, problem.Suggestion);
            return false;
        }
        if (scalar.Kind is ScalarKind.Number or ScalarKind.Boolean)
        {
            string kind = scalar.Kind == ScalarKind.Number ? "number" : "boolean";
            string text = Quote.Text(scalar.Text);
            at.Error($"`{text}` is a {kind} to YAML, and text is wanted", $"put it in quotes: \"{text}\"");
            return false;
        }
        value = parsed.Value!;
        Accept(value, at);
        return true;
    }

    public override JsonNode ToNode(T value) => JsonValue.Create(Format(value));

    public override JsonObject Schema() => new()
    {
        ["type"] = "string",
        ["anyOf"] = new JsonArray(new JsonObject { ["pattern"] = Pattern }, SchemaParts.Variable()),
    };
}
