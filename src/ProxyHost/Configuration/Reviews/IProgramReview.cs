using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Reviews;

/// <summary>
/// Looks at programs that were read without a mistake of their own, knowing nothing of YAML. What it finds is reported at
/// the line and column where it stands.
/// </summary>
internal interface IProgramReview
{
    /// <summary>What there is to say of a program, in any order.</summary>
    IEnumerable<ProgramFinding> Review(RuleSet program);
}
