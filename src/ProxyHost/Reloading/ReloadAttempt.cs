using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Changes;

namespace Sluice.ProxyHost.Reloading;

/// <summary>What became of taking a configuration over. Immutable.</summary>
/// <param name="At">When it was done.</param>
/// <param name="Trigger">start, signal, file or admin.</param>
/// <param name="Result">One of <see cref="ReloadResults"/>.</param>
/// <param name="Generation">The generation that goes afterwards.</param>
/// <param name="Changes">How the configuration differs from the one that went before, applied or not.</param>
/// <param name="Errors">Why it was not applied, each with its place where it has one.</param>
internal sealed record ReloadAttempt(
    DateTimeOffset At, string Trigger, string Result, long Generation, ImmutableArray<ConfigChange> Changes, ImmutableArray<string> Errors);

/// <summary>How a reload may end, as metrics and the admin endpoint name it.</summary>
internal static class ReloadResults
{
    /// <summary>It goes for new connections.</summary>
    public const string Applied = "applied";

    /// <summary>It says what the one in force says.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>The file is wrong or cannot be read. Nothing changed.</summary>
    public const string Invalid = "invalid";

    /// <summary>A good file that cannot go here and now: a setting that needs a restart, an address that cannot be bound. Nothing changed.</summary>
    public const string Refused = "refused";

    /// <summary>A defect of ours; the log has the evidence.</summary>
    public const string Failed = "failed";

    /// <summary>All of them.</summary>
    public static readonly string[] All = [Applied, Unchanged, Invalid, Refused, Failed];
}
