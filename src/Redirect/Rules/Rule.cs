namespace Sluice.Redirect.Rules;

/// <summary>One rule of a set.</summary>
/// <param name="Name">Unique in its set; what metrics and explanations call it.</param>
/// <param name="When">What must hold.</param>
/// <param name="Action">What is done then.</param>
/// <param name="IsShadow">It is counted and changes nothing: the rules after it decide.</param>
public sealed record Rule(string Name, Predicate When, RuleAction Action, bool IsShadow = false);
