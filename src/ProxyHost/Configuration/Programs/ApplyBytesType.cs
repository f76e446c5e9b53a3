using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Schema;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>How far a decision reaches: a number of bytes, or <c>rest</c>.</summary>
internal sealed class ApplyBytesType : YamlType<int>
{
    private const string Rest = "rest";
    private static readonly ByteCountType Count = new(1, 1024 * 1024 * 1024);

    public override string Description => $"`{Rest}` (until the stream ends) or {Count.Description}";

    public override bool TryRead(Cursor at, out int value)
    {
        value = RuleAction.RestOfStream;
        if (at.Node is not YamlScalarNode) return at.Unexpected(Description, null, out value);
        if (!at.TryScalar(Description, out ScalarValue scalar)) return false;
        if (scalar.Text == Rest) return true;
        return scalar.Text.Length == 0 || char.IsAsciiDigit(scalar.Text[0]) || scalar.Text[0] == '-'
            ? Count.TryRead(at, out value)
            : at.Unexpected(Description, Nearest.DidYouMean(scalar.Text, [Rest]), out value);
    }

    public override JsonNode ToNode(int value) => value == RuleAction.RestOfStream ? JsonValue.Create(Rest) : Count.ToNode(value);

    public override JsonObject Schema() =>
        SchemaParts.OrVariable(new JsonObject { ["enum"] = new JsonArray((JsonNode)Rest) }, Count.Schema());
}
