using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Sections;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Changes;

/// <summary>
/// A configuration as the parts that can change by themselves: each listener, cluster and program under its name, and every
/// other key under its path. They are compared as they would be printed, so a key that is added is compared as well. Immutable.
/// </summary>
internal sealed class ConfigParts
{
    /// <summary>What a key outside of listeners, clusters and programs is filed under.</summary>
    public const string Setting = "setting";

    private readonly Dictionary<(string Kind, string Name), JsonNode?> _parts = [];

    public ConfigParts(SluiceConfig config)
    {
        foreach ((string key, JsonNode? value) in RootSection.Type.ToNode(config).AsObject())
        {
            if (value is JsonArray list)
            {
                foreach (JsonNode? item in list)
                    _parts[(key.TrimEnd('s'), item!["name"]!.GetValue<string>())] = item;
            }
            else
            {
                AddSettings(key, value);
            }
        }
    }

    /// <summary>Both have this part, and it says the same in both.</summary>
    public bool IsSame(ConfigParts other, string kind, string name) =>
        _parts.TryGetValue((kind, name), out JsonNode? mine) && other._parts.TryGetValue((kind, name), out JsonNode? its) && JsonNode.DeepEquals(mine, its);

    /// <summary>What is different here from <paramref name="before"/>, what is gone last.</summary>
    public IEnumerable<ConfigChange> Since(ConfigParts before)
    {
        foreach (((string kind, string name), JsonNode? now) in _parts)
        {
            if (!before._parts.TryGetValue((kind, name), out JsonNode? then))
                yield return new ConfigChange(kind, name, ConfigChange.Added, [], null, ValueOf(kind, now));
            else if (!JsonNode.DeepEquals(now, then))
                yield return new ConfigChange(kind, name, ConfigChange.Changed, [.. KeysThatDiffer(then, now)], ValueOf(kind, then), ValueOf(kind, now));
        }

        foreach (((string kind, string name), JsonNode? then) in before._parts.Where(part => !_parts.ContainsKey(part.Key)))
            yield return new ConfigChange(kind, name, ConfigChange.Removed, [], ValueOf(kind, then), null);
    }

    private static string? ValueOf(string kind, JsonNode? value) => kind == Setting && value is not null ? YamlWriter.Inline(value) : null;

    private void AddSettings(string path, JsonNode? value)
    {
        if (value is not JsonObject map)
        {
            _parts[(Setting, path)] = value;
            return;
        }

        foreach ((string key, JsonNode? below) in map)
            AddSettings($"{path}.{key}", below);
    }

    private static IEnumerable<string> KeysThatDiffer(JsonNode? then, JsonNode? now)
    {
        if (then is not JsonObject before || now is not JsonObject after)
            return [];
        return after.Select(entry => entry.Key).Union(before.Select(entry => entry.Key)).Where(key => !JsonNode.DeepEquals(before[key], after[key]));
    }
}
