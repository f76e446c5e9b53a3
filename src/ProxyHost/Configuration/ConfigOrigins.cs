using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Sections;
using Sluice.ProxyHost.Configuration.Yaml;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration;

/// <summary>One value that goes, and where it comes from.</summary>
/// <param name="Key">Its place in the document, such as <c>listeners[0].max_connections</c>.</param>
/// <param name="Value">As it is printed.</param>
/// <param name="Origin"><c>default</c>, or <c>file:line</c>; <c>memory</c> where there is no text.</param>
/// <param name="File">The file that says so; null otherwise.</param>
/// <param name="Line">Its line, from 1; null otherwise.</param>
internal sealed record ConfigValue(string Key, JsonNode? Value, string Origin, string? File, int? Line);

/// <summary>
/// Finds where each value of a configuration comes from, in the text that was read. That is parsed again for each answer: nobody
/// asks often, and places of thousands of keys would be memory for nothing.
/// </summary>
internal static class ConfigOrigins
{
    /// <summary>Every value, in the order in which the configuration is printed.</summary>
    public static IEnumerable<ConfigValue> Of(SluiceConfig config)
    {
        YamlNode? root = null;
        if (config.Source is { } source)
            YamlLoader.TryLoad(source, new Diagnostics(source), out root);
        return Values(RootSection.Type.ToNode(config), root, "", new Origins(config.Source));
    }

    private static IEnumerable<ConfigValue> Values(JsonNode? value, YamlNode? written, string path, Origins origins) => value switch
    {
        JsonObject { Count: > 0 } map => map.SelectMany(entry => Values(entry.Value, Below(written, entry.Key), path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", origins)),
        JsonArray list => list.SelectMany((item, index) => Values(item, Below(written, index), $"{path}[{index}]", origins)),
        _ => [origins.Of(path, value, written)],
    };

    // What is written shorter than it is printed, `rate: 100` or one item without its list, has its parts there as well.
    private static YamlNode? Below(YamlNode? written, string key) => written switch
    {
        YamlMappingNode map => map.Children.TryGetValue(key, out YamlNode? value) ? value : null,
        _ => written,
    };

    private static YamlNode? Below(YamlNode? written, int index) => written switch
    {
        YamlSequenceNode list => index < list.Children.Count ? list.Children[index] : null,
        _ => written,
    };

    private sealed class Origins(SourceText? source)
    {
        public ConfigValue Of(string path, JsonNode? value, YamlNode? written) => (source, written) switch
        {
            (null, _) => new(path, value?.DeepClone(), "memory", null, null),
            (_, null) => new(path, value?.DeepClone(), "default", null, null),
            var (text, node) => new(path, value?.DeepClone(), $"{text.File}:{node.Start.Line}", text.File, (int)node.Start.Line),
        };
    }
}
