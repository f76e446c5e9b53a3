using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Schema;
using Sluice.ProxyHost.Configuration.Yaml;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A value, or the word <c>auto</c> for one that this machine decides.</summary>
/// <param name="inner">The type of an explicit value.</param>
/// <param name="decide">What auto means here and now.</param>
/// <param name="meaning">What auto means, in words.</param>
internal sealed class AutoType<T>(YamlType<T> inner, Func<T> decide, string meaning) : YamlType<T>
{
    public const string Word = "auto";

    public override string Description => $"`{Word}` ({meaning}) or {inner.Description}";

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out T value)
    {
        if (at.Node is YamlScalarNode)
        {
            value = default;
            if (!at.TryScalar(Description, out ScalarValue scalar)) return false;
            if (scalar.Text == Word)
            {
                value = decide();
                return true;
            }
        }
        return inner.TryRead(at, out value);
    }

    public override JsonNode? ToNode(T value) => inner.ToNode(value);

    public override JsonObject Schema() =>
        SchemaParts.OrVariable(new JsonObject { ["enum"] = new JsonArray((JsonNode)Word) }, inner.Schema());
}
