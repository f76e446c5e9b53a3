using System.Collections.Immutable;

namespace Sluice.ProxyHost.Configuration.Changes;

/// <summary>One difference between two configurations.</summary>
/// <param name="Kind">listener, cluster, program or setting.</param>
/// <param name="Name">Its name; of a setting its path, such as <c>runtime.drain_timeout</c>.</param>
/// <param name="Change">One of the three words below.</param>
/// <param name="Keys">The keys that differ; empty for what is added, removed or a setting.</param>
internal sealed record ConfigChange(string Kind, string Name, string Change, ImmutableArray<string> Keys)
{
    public const string Added = "added";
    public const string Changed = "changed";
    public const string Removed = "removed";

    /// <inheritdoc/>
    public override string ToString() =>
        Keys.IsEmpty ? $"{Kind} {Name} {Change}" : $"{Kind} {Name} {Change}: {string.Join(", ", Keys)}";
}
