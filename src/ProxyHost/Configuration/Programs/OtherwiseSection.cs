using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>The table of <c>otherwise</c>, which may also be a verdict alone.</summary>
internal static class OtherwiseSection
{
    private static readonly ActionKeys<RuleAction> Action = new(a => a);

    private static readonly Section<RuleAction> Full = new(
        [Action.Verdict, Action.To, Action.ApplyBytes, Action.CorkBytes, Action.Push, Action.Pop, Action.Ingress], Action.Build)
    {
        Check = (v, at) => ActionCheck.Run(Action, v, at),
    };

    public static ShorthandType<RuleVerdict, RuleAction> Type { get; } = new(
        Verdicts.Alone, Full, verdict => new RuleAction(verdict),
        (RuleAction action, out RuleVerdict word) =>
        {
            word = action.Verdict;
            return action == new RuleAction(word);
        });
}
