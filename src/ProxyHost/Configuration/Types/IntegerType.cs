using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Schema;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A whole number within a range, both ends included.</summary>
internal sealed class IntegerType(int smallest, int largest) : YamlType<int>
{
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"a number, {smallest} to {largest}");

    public override bool TryRead(Cursor at, out int value)
    {
        value = 0;
        if (!at.TryScalar(Description, out ScalarValue scalar)) return false;
        if (!long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            bool digits = scalar.Text.Length > 0 && scalar.Text.All(char.IsAsciiDigit);
            return digits ? OutOfRange(at, scalar.Text) : at.Unexpected(Description, "write a whole number in decimal digits", out value);
        }
        if (scalar.Kind == ScalarKind.Text) return at.Unexpected(Description, $"remove the quotes around {number}", out value);
        value = (int)Math.Clamp(number, smallest, largest);
        return value == number || OutOfRange(at, scalar.Text);
    }

    public override JsonNode ToNode(int value) => JsonValue.Create(value);

    public override JsonObject Schema() =>
        SchemaParts.OrVariable(new JsonObject { ["type"] = "integer", ["minimum"] = smallest, ["maximum"] = largest });

    private bool OutOfRange(Cursor at, string text)
    {
        at.Error($"`{Quote.Text(text)}` is out of range",
            string.Create(CultureInfo.InvariantCulture, $"it may be {smallest} to {largest}"));
        return false;
    }
}
