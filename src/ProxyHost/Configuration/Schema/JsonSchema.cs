using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Sections;
using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Schema;

/// <summary>The JSON Schema (draft-07) of configuration files, made from the tables that the reader goes by.</summary>
public static class JsonSchema
{
    /// <summary>The schema as indented JSON, ending in a line feed.</summary>
    public static string Write()
    {
        JsonObject root = RootSection.Type.Schema();
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Sluice configuration",
        };
        foreach ((string key, JsonNode? value) in root) schema[key] = value?.DeepClone();
        var definitions = new JsonObject
        {
            [SchemaParts.VariableDefinition] = new JsonObject
            {
                ["description"] = "A text that an environment variable completes: ${NAME} or ${NAME:-default}.",
                ["type"] = "string",
                ["pattern"] = @"\$\{",
            },
        };
        foreach (IDefinition shared in RootSection.Definitions) definitions[shared.Name] = shared.Definition();
        schema["definitions"] = definitions;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream,
            new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            schema.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }
}
