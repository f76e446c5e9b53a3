using Sluice.ProxyHost.Configuration.Sections;
using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Changes;

/// <summary>Which settings a running daemon cannot change, by the tables of keys. A setting of which they say nothing is one of them.</summary>
internal static class FixedSettings
{
    /// <summary>
    /// Every key that has no others below it, and for items of <c>listeners</c>, <c>clusters</c> and <c>programs</c>, which are taken
    /// over as a whole, every key of theirs; each with whether a reload takes it over.
    /// </summary>
    public static IEnumerable<(string Path, bool IsReloadable)> All { get; } = [.. RootSection.Type.Keys.SelectMany(key => Walk(key, key.Name, isReloadable: false))];

    /// <summary>An error for each such setting among the changes.</summary>
    public static IEnumerable<string> Errors(IEnumerable<ConfigChange> changes) =>
        changes.Where(change => change.Kind == ConfigParts.Setting && !CanChange(change.Name))
            .Select(change => $"{change.Name}: {change.Before ?? "nothing"} is in force and {change.After ?? "nothing"} in the file, which takes a restart, or an upgrade " +
                "over `runtime.upgrade_socket`; or take the change back");

    private static bool CanChange(string path) => All.Any(key => key.Path == path && key.IsReloadable);

    private static IEnumerable<(string Path, bool IsReloadable)> Walk(Key key, string path, bool isReloadable)
    {
        isReloadable = key.IsReloadable ?? isReloadable;
        (IReadOnlyList<Key> below, bool ofItems) = key.Below;
        // What may be written in one word is a setting itself as well.
        if (below.Count == 0 || key.Example is not null)
            yield return (path, isReloadable);
        foreach (Key lower in below)
        {
            if (ofItems)
                yield return ($"{path}[].{lower.Name}", lower.IsReloadable ?? isReloadable);
            else
                foreach ((string, bool) one in Walk(lower, $"{path}.{lower.Name}", isReloadable))
                    yield return one;
        }
    }
}
