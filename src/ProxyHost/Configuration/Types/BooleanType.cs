using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Schema;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed class BooleanType : YamlType<bool>
{
    public override string Description => "`true` or `false`";

    public override bool TryRead(Cursor at, out bool value)
    {
        value = false;
        if (!at.TryScalar(Description, out ScalarValue scalar)) return false;
        if (scalar.Kind is ScalarKind.Boolean or ScalarKind.Expanded && bool.TryParse(scalar.Text, out value)) return true;
        string? suggestion = scalar.Text.ToLowerInvariant() switch
        {
            "yes" or "on" or "1" or "true" => "write true",
            "no" or "off" or "0" or "false" => "write false",
            _ => null,
        };
        return at.Unexpected(Description, suggestion, out value);
    }

    public override JsonNode ToNode(bool value) => JsonValue.Create(value);

    public override JsonObject Schema() => SchemaParts.OrVariable(new JsonObject { ["type"] = "boolean" });
}
