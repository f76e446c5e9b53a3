namespace Sluice.ProxyHost.Configuration.Changes;

/// <summary>Which settings a running daemon cannot change. A setting that nobody has thought of here is one of them.</summary>
internal static class FixedSettings
{
    private static readonly HashSet<string> Changeable = ["runtime.drain_timeout", "runtime.offload"];

    /// <summary>An error for each such setting among the changes.</summary>
    public static IEnumerable<string> Errors(IEnumerable<ConfigChange> changes) =>
        changes.Where(change => change.Kind == ConfigParts.Setting && !Changeable.Contains(change.Name))
            .Select(change => $"{change.Name}: it cannot change while the daemon runs; restart it, or take the change back");
}
