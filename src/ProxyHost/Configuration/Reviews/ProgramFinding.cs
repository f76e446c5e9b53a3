namespace Sluice.ProxyHost.Configuration.Reviews;

/// <summary>Something that a look at a whole program has shown.</summary>
/// <param name="IsError">Whether it keeps the configuration from being used.</param>
/// <param name="Rule">The index of the rule it is about; null for the program's own keys.</param>
/// <param name="Path">From the rule or program on, such as <c>when.any[1].u16</c>; empty for all of it.</param>
/// <param name="Message">What is wrong, in one sentence without a full stop.</param>
/// <param name="Suggestion">What to do about it; null where there is nothing to say.</param>
internal sealed record ProgramFinding(bool IsError, int? Rule, string Path, string Message, string? Suggestion)
{
    /// <summary>The very condition it is about, where there is one: its place is then exact, whatever the path says.</summary>
    public Redirect.Rules.Predicate? Condition { get; init; }
}
