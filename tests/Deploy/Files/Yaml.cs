using YamlDotNet.RepresentationModel;

namespace Sluice.Deploy.Tests.Files;

/// <summary>Short forms for looking into YAML.</summary>
internal static class Yaml
{
    /// <summary>A file's documents. Throws where it is not YAML.</summary>
    public static IEnumerable<YamlMappingNode> Documents(string path)
    {
        var stream = new YamlStream();
        using var text = new StringReader(Repository.Read(path));
        stream.Load(text);
        return stream.Documents.Select(document => (YamlMappingNode)document.RootNode);
    }

    /// <summary>What a path of keys and indexes leads to, such as <c>spec/template/spec/initContainers/0</c>; null where it leads nowhere.</summary>
    public static YamlNode? At(this YamlNode? node, string path)
    {
        foreach (string step in path.Split('/'))
        {
            node = node switch
            {
                YamlMappingNode map => map.Children.TryGetValue(step, out YamlNode? value) ? value : null,
                YamlSequenceNode list when int.TryParse(step, out int index) && index < list.Children.Count => list[index],
                _ => null,
            };
        }

        return node;
    }

    /// <summary>The items of a list; none where there is none.</summary>
    public static IEnumerable<YamlNode> Items(this YamlNode? node, string path) => (node.At(path) as YamlSequenceNode)?.Children ?? [];

    /// <summary>The keys of a map; none where there is none.</summary>
    public static IEnumerable<string> Keys(this YamlNode? node, string path) => (node.At(path) as YamlMappingNode)?.Children.Keys.Select(key => key.ToString()) ?? [];

    /// <summary>A scalar's text; null where there is none.</summary>
    public static string? Text(this YamlNode? node, string path) => (node.At(path) as YamlScalarNode)?.Value;
}
