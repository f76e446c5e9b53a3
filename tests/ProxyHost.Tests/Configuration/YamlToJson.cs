using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>YAML as a JSON Schema validator sees it, by YAML's core schema.</summary>
internal static class YamlToJson
{
    public static string Convert(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Convert(stream.Documents[0].RootNode)!.ToJsonString();
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Convert(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: var text } => Plain(text ?? ""),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new NotSupportedException(node.NodeType.ToString()),
    };

    private static JsonNode? Plain(string text) => ScalarKinds.OfPlain(text) switch
    {
        ScalarKind.Null => null,
        ScalarKind.Boolean => text.StartsWith('t'),
        ScalarKind.Number when long.TryParse(text, CultureInfo.InvariantCulture, out long whole) => whole,
        // The validator's integers end at 63 bits.
        ScalarKind.Number when ulong.TryParse(text, CultureInfo.InvariantCulture, out _) => long.MaxValue,
        ScalarKind.Number when text.StartsWith("0x", StringComparison.Ordinal) => ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        ScalarKind.Number => double.Parse(text, CultureInfo.InvariantCulture),
        _ => text,
    };
}
