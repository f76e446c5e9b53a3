using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Schema;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>An unsigned number of up to 64 bits, decimal or 0x hexadecimal, within a range, both ends included.</summary>
internal sealed class UnsignedType(ulong smallest, ulong largest) : YamlType<ulong>
{
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"a number, {smallest} to {largest}, also 0x hex");

    public override bool TryRead(Cursor at, out ulong value)
    {
        value = 0;
        if (!at.TryScalar(Description, out ScalarValue scalar)) return false;
        if (scalar.Kind == ScalarKind.Null) return at.Unexpected(Description, "give a value or remove the key", out value);
        Parsed<ulong> parsed = Parse(scalar);
        if (parsed.Problem is { } problem)
        {
            at.Error(problem.Message, problem.Suggestion);
            return false;
        }
        value = parsed.Value;
        return true;
    }

    public Parsed<ulong> Parse(ScalarValue scalar)
    {
        string text = Quote.Text(scalar.Text);
        if (!UnsignedNumber.IsNumber(scalar.Text)) return new Problem($"`{text}` is not {Description}");
        if (scalar.Kind == ScalarKind.Text) return new Problem($"`{text}` in quotes is a text", $"remove the quotes around {text}");
        return Within(scalar.Text);
    }

    /// <summary>The value of a text that is a number, if it lies in the range.</summary>
    public Parsed<ulong> Within(string text) =>
        UnsignedNumber.TryParse(text, out ulong number) && number >= smallest && number <= largest
            ? number
            : new Problem($"`{Quote.Text(text)}` is out of range", string.Create(CultureInfo.InvariantCulture, $"it may be {smallest} to {largest}"));

    public override JsonNode ToNode(ulong value) => JsonValue.Create(value);

    public override JsonObject Schema() =>
        SchemaParts.OrVariable(new JsonObject { ["type"] = "integer", ["minimum"] = smallest, ["maximum"] = largest });
}
