using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>The words for verdicts.</summary>
internal static class Verdicts
{
    /// <summary>All of them.</summary>
    public static ChoiceType<RuleVerdict> Any { get; } = new(
        new("pass", RuleVerdict.Pass), new("drop", RuleVerdict.Drop), new("redirect", RuleVerdict.Redirect), new("reset", RuleVerdict.Reset));

    /// <summary>Those that say everything by themselves.</summary>
    public static ChoiceType<RuleVerdict> Alone { get; } = new(
        new("pass", RuleVerdict.Pass), new("drop", RuleVerdict.Drop),
        new("redirect", RuleVerdict.Redirect, new Problem("`redirect` alone does not say where to", "write { verdict: redirect, to: name-of-a-cluster }")),
        new("reset", RuleVerdict.Reset));
}
