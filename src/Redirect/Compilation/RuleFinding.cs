using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>Something about a set of rules that their author should know.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Rule">The rule's index; the number of rules for <c>otherwise</c>; -1 for the set itself.</param>
/// <param name="Path">Where inside of it, in the words of the YAML: <c>when.any[1].u16</c>, <c>cork_bytes</c>; empty for all of it.</param>
/// <param name="Condition">The very condition that the path leads to; null where it leads to none.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Suggestion">What to do about it.</param>
public sealed record RuleFinding(
    FindingSeverity Severity, int Rule, string Path, Predicate? Condition, string Message, string Suggestion);
