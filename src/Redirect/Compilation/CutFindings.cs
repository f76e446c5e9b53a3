using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>Finds rules whose outcome hangs on how TCP cuts the stream into segments.</summary>
internal static class CutFindings
{
    /// <summary>One finding, at the first such rule: what helps one of them mostly helps all.</summary>
    internal static IEnumerable<RuleFinding> Of(RuleSet rules)
    {
        if (rules.Framing is not null || !CutsDecide(rules))
            yield break;

        int[] suspicious = [.. Enumerable.Range(0, rules.Rules.Length).Where(i => ReadsBytes(rules.Rules[i]) && !IsTiedToOffset(rules.Rules[i].When))];
        if (suspicious.Length == 0)
            yield break;

        Rule first = rules.Rules[suspicious[0]];
        string others = suspicious.Length == 1 ? "" : $" (and {suspicious.Length - 1} more)";
        yield return new RuleFinding(
            FindingSeverity.Warning, suspicious[0], "when", first.When,
            $"the rule `{first.Name}`{others} looks into messages, and without framing every message but the first begins where TCP happened to cut the stream",
            "add `framing`, or `apply_bytes: rest` to the rules and to `otherwise`, or `stream_offset: 0` to the conditions");
    }

    // A message that is let go as far as it is there ends where it was cut; after it, so begins the next one.
    private static bool CutsDecide(RuleSet rules)
    {
        foreach (Rule rule in rules.Rules.Where(rule => !rule.IsShadow))
        {
            if (EndsAtCut(rule.Action))
                return true;
            if (rule.When is AllOf { Parts: [] })
                return false;
        }

        return EndsAtCut(rules.Otherwise);
    }

    private static bool EndsAtCut(RuleAction action) => action.ApplyBytes == 0 && action.Verdict != RuleVerdict.Reset;

    private static bool ReadsBytes(Rule rule) =>
        ConditionPaths.TestsOf(rule).Any(test => test.Test is BytesAsNumberTest or BytesTest or NameTest);

    private static bool IsTiedToOffset(Predicate condition) => condition switch
    {
        NumberTest test => test.Field == Field.StreamOffset,
        AllOf all => all.Parts.Any(IsTiedToOffset),
        AnyOf any => any.Parts.All(IsTiedToOffset),
        _ => false,
    };
}
