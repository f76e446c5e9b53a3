using System.Text.Json.Nodes;

namespace Sluice.ProxyHost.Configuration.Schema;

/// <summary>Pieces of JSON Schema that several types share.</summary>
internal static class SchemaParts
{
    /// <summary>The name of the definition of a text that an environment variable completes.</summary>
    public const string VariableDefinition = "variable";

    /// <summary>A reference to that definition: a schema cannot know what the variable holds.</summary>
    public static JsonObject Variable() => new() { ["$ref"] = $"#/definitions/{VariableDefinition}" };

    /// <summary>Either of several schemas, or a variable.</summary>
    public static JsonObject OrVariable(params ReadOnlySpan<JsonObject> schemas)
    {
        var any = new JsonArray();
        foreach (JsonObject schema in schemas) any.Add((JsonNode)schema);
        any.Add((JsonNode)Variable());
        return new JsonObject { ["anyOf"] = any };
    }
}
