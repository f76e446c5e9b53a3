using System.Collections.Immutable;

namespace Sluice.ProxyHost.Configuration.Changes;

/// <summary>One difference between two configurations.</summary>
/// <param name="Kind">listener, cluster, program or setting.</param>
/// <param name="Name">Its name; of a setting its path, such as <c>runtime.drain_timeout</c>.</param>
/// <param name="Change">One of the three words below.</param>
/// <param name="Keys">The keys that differ; empty for what is added, removed or a setting.</param>
/// <param name="Before">The value of a setting before; null of anything else, and where there was none.</param>
/// <param name="After">The same after it.</param>
internal sealed record ConfigChange(string Kind, string Name, string Change, ImmutableArray<string> Keys, string? Before = null, string? After = null)
{
    public const string Added = "added";
    public const string Changed = "changed";
    public const string Removed = "removed";

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Kind} {Name} {Change}{(Keys.IsEmpty ? "" : $": {string.Join(", ", Keys)}")}{Values}";

    private string Values => (Before, After) switch
    {
        (null, null) => "",
        (null, _) => $": {After}",
        (_, null) => $": {Before}",
        _ => $": {Before} -> {After}",
    };
}
