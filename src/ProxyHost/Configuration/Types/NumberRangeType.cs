using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Schema;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>One number, or a range of them such as <c>5-9</c>.</summary>
internal sealed class NumberRangeType(ulong smallest, ulong largest) : YamlType<NumberRange>
{
    private const string Digits = "(0x[0-9a-fA-F]+|[0-9]+)";
    private readonly UnsignedType _number = new(smallest, largest);

    public override string Description => string.Create(CultureInfo.InvariantCulture, $"a number, {smallest} to {largest}, or a range such as `5-9`");

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out NumberRange value)
    {
        value = default;
        if (!at.TryScalar(Description, out ScalarValue scalar)) return false;
        if (scalar.Kind == ScalarKind.Null) return at.Unexpected(Description, "give a value or remove the key", out value);
        Parsed<NumberRange> parsed = Parse(scalar);
        if (parsed.Problem is { } problem)
        {
            at.Error(problem.Message, problem.Suggestion);
            return false;
        }
        value = parsed.Value;
        return true;
    }

    public override JsonNode ToNode(NumberRange value) => value.First == value.Last
        ? JsonValue.Create(value.First)
        : JsonValue.Create(string.Create(CultureInfo.InvariantCulture, $"{value.First}-{value.Last}"));

    public override JsonObject Schema() =>
        SchemaParts.OrVariable(
            new JsonObject { ["type"] = "integer", ["minimum"] = smallest, ["maximum"] = largest },
            new JsonObject { ["type"] = "string", ["pattern"] = $"^{Digits}-{Digits}$" });

    private Parsed<NumberRange> Parse(ScalarValue scalar)
    {
        string text = scalar.Text;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0 || !UnsignedNumber.IsNumber(text[..dash].Trim()) || !UnsignedNumber.IsNumber(text[(dash + 1)..].Trim()))
        {
            if (!UnsignedNumber.IsNumber(text)) return new Problem($"`{Quote.Text(text)}` is not {Description}");
            Parsed<ulong> one = _number.Parse(scalar);
            return one.Problem is { } bad ? bad : new NumberRange(one.Value, one.Value);
        }
        (string first, string last) = (text[..dash], text[(dash + 1)..]);
        if (first != first.Trim() || last != last.Trim())
            return new Problem($"`{Quote.Text(text)}` has spaces in its range", $"write {first.Trim()}-{last.Trim()}");
        return Range(first, last);
    }

    private Parsed<NumberRange> Range(string first, string last)
    {
        (Parsed<ulong> from, Parsed<ulong> to) = (_number.Within(first), _number.Within(last));
        if ((from.Problem ?? to.Problem) is { } problem) return problem;
        return from.Value <= to.Value
            ? new NumberRange(from.Value, to.Value)
            : new Problem($"`{first}-{last}` runs backwards", $"write {last}-{first}");
    }
}
