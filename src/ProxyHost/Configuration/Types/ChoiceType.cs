using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Schema;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>One word of a choice.</summary>
/// <param name="Word">As it is written.</param>
/// <param name="Value">What it means.</param>
/// <param name="Refusal">Why it cannot be chosen in this version; null when it can.</param>
internal sealed record Choice<T>(string Word, T Value, Problem? Refusal = null);

/// <summary>One of a few words.</summary>
internal sealed class ChoiceType<T>(params Choice<T>[] choices) : YamlType<T> where T : struct
{
    public override string Description => Words().Select(w => $"`{w}`").ToArray() switch
    {
        [.. var first, var last] when first.Length > 0 => $"{string.Join(", ", first)} or {last}",
        var only => string.Concat(only),
    };

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!at.TryScalar(Description, out ScalarValue scalar)) return false;
        Choice<T>? choice = Array.Find(choices, c => c.Word == scalar.Text);
        if (choice is null) return at.Unexpected(Description, Suggest(scalar), out value);
        if (choice.Refusal is { } refusal)
        {
            at.Error(refusal.Message, refusal.Suggestion);
            return false;
        }
        value = choice.Value;
        return true;
    }

    public override JsonNode ToNode(T value) =>
        JsonValue.Create(choices.First(c => EqualityComparer<T>.Default.Equals(c.Value, value)).Word);

    public override JsonObject Schema()
    {
        var words = new JsonArray();
        foreach (string word in Words()) words.Add((JsonNode)word);
        return SchemaParts.OrVariable(new JsonObject { ["enum"] = words });
    }

    private IEnumerable<string> Words() => choices.Where(c => c.Refusal is null).Select(c => c.Word);

    // `offload: false` is what `offload: off` means to who knows YAML 1.1.
    private string? Suggest(ScalarValue scalar)
    {
        bool isFalse = scalar.Kind == ScalarKind.Boolean && scalar.Text is ['f' or 'F', ..];
        return Nearest.DidYouMean(isFalse && Words().Contains("off") ? "off" : scalar.Text, Words());
    }
}
