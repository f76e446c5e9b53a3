using YamlDotNet.RepresentationModel;

namespace Sluice.Deploy.Tests.Files;

/// <summary>
/// What `kustomize build` makes of an overlay, as far as deploy/kubernetes uses it: resources, components, strategic merge patches and
/// generated ConfigMaps. Whatever a file names must be there, and a patch must find what it patches.
/// </summary>
internal sealed class Kustomization
{
    private static readonly string[] Known = ["apiVersion", "kind", "labels", "resources", "components", "patches", "configMapGenerator"];

    private Kustomization()
    {
    }

    /// <summary>The resources, patched.</summary>
    public List<YamlMappingNode> Resources { get; } = [];

    /// <summary>The files of each ConfigMap, by its name and by theirs.</summary>
    public Dictionary<string, Dictionary<string, string>> ConfigMaps { get; } = [];

    /// <summary>Builds the one in a folder.</summary>
    public static Kustomization Build(string folder)
    {
        var built = new Kustomization();
        built.Add(folder);
        return built;
    }

    /// <summary>The one resource of a kind.</summary>
    public YamlMappingNode Only(string kind) => Assert.Single(Resources, resource => resource.Text("kind") == kind);

    private void Add(string folder)
    {
        YamlMappingNode root = Assert.Single(Yaml.Documents($"{folder}/kustomization.yaml"));
        Assert.Empty(root.Children.Keys.Select(key => key.ToString()).Except(Known));
        foreach (string name in root.Items("resources").Concat(root.Items("components")).Select(item => item.ToString()))
        {
            string path = Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, folder, name)));
            if (Directory.Exists(Path.Combine(Repository.Root, path)))
                Add(path);
            else
                Resources.AddRange(Yaml.Documents(path));
        }

        foreach (YamlNode generator in root.Items("configMapGenerator"))
            Generate(folder, generator);
        foreach (YamlMappingNode patch in root.Items("patches").SelectMany(patch => Yaml.Documents($"{folder}/{patch.Text("path")}")))
        {
            YamlMappingNode patched = Assert.Single(Resources, resource => Identity(resource) == Identity(patch));
            Merge(patched, patch);
        }

        foreach (YamlNode pair in root.Items("labels").SelectMany(label => ((YamlMappingNode)label.At("pairs")!).Children.Select(pair => Label(pair.Key, pair.Value))))
            Resources.ForEach(resource => Select(resource, pair));
    }

    private void Generate(string folder, YamlNode generator)
    {
        string name = generator.Text("name")!;
        Assert.Equal(generator.Text("behavior") == "replace", ConfigMaps.ContainsKey(name));
        ConfigMaps[name] = generator.Items("files").Select(file => file.ToString()).ToDictionary(file => file, file => Repository.Read($"{folder}/{file}"));
    }

    private static (string?, string?, string?) Identity(YamlNode resource) => (resource.Text("apiVersion"), resource.Text("kind"), resource.Text("metadata/name"));

    // Maps key by key; lists of things that have names, name by name; other lists as a whole.
    private static void Merge(YamlMappingNode into, YamlMappingNode patch)
    {
        foreach ((YamlNode key, YamlNode value) in patch.Children)
        {
            into.Children.TryGetValue(key, out YamlNode? before);
            if (before is YamlMappingNode map && value is YamlMappingNode more)
                Merge(map, more);
            else if (before is YamlSequenceNode list && value is YamlSequenceNode items && items.Any() && items.All(item => item.Text("name") is not null))
                MergeByName(list, items);
            else
                into.Children[key] = value;
        }
    }

    private static void MergeByName(YamlSequenceNode into, YamlSequenceNode items)
    {
        foreach (YamlMappingNode item in items.Cast<YamlMappingNode>())
            Merge((YamlMappingNode)Assert.Single(into, one => one.Text("name") == item.Text("name")), item);
    }

    private static YamlMappingNode Label(YamlNode key, YamlNode value) => new(key, value);

    // As `includeSelectors` does for the kinds that are here.
    private static void Select(YamlMappingNode resource, YamlNode label)
    {
        string[] paths = resource.Text("kind") switch
        {
            "Deployment" => ["metadata/labels", "spec/selector/matchLabels", "spec/template/metadata/labels"],
            "Service" => ["metadata/labels", "spec/selector"],
            _ => ["metadata/labels"],
        };
        foreach (string path in paths)
        {
            YamlMappingNode nested = (YamlMappingNode)label;
            foreach (string step in path.Split('/').Reverse())
                nested = new YamlMappingNode(new YamlScalarNode(step), nested);
            Merge(resource, nested);
        }
    }
}
