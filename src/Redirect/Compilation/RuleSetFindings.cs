using System.Collections.Immutable;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>
/// Looks for what is wrong or suspicious in rules without running them. What it says is so; what it does not say may be wrong
/// all the same. It reads no bytes and gives up on what would take too long.
/// </summary>
public static class RuleSetFindings
{
    /// <summary>All findings: those about the set first, then rule by rule.</summary>
    public static ImmutableArray<RuleFinding> Of(RuleSet rules)
    {
        var logic = new ConditionLogic();
        var findings = new List<RuleFinding>(FramingFindings.Of(rules));
        var deciding = new List<int>();
        for (int i = 0; i < rules.Rules.Length; i++)
        {
            Rule rule = rules.Rules[i];
            if (DepthOf(rule.When) > RuleLimits.Depth)
            {
                findings.Add(new RuleFinding(FindingSeverity.Error, i, "when", rule.When,
                    $"the condition is nested deeper than {RuleLimits.Nesting}", "say it with fewer groups inside one another"));
                continue;
            }

            findings.AddRange(TestFindings.Of(rules, i));
            findings.AddRange(ActionFindings.Of(rules, i, rule.Action));
            bool isNever = logic.IsNever(rule.When);
            if (isNever)
                findings.Add(Never(i, rule));
            else if (deciding.Find(earlier => logic.Implies(rule.When, rules.Rules[earlier].When), out int cover))
                findings.Add(Covered(i, rule, cover, rules.Rules[cover]));
            if (!isNever && !rule.IsShadow)
                deciding.Add(i);
        }

        findings.AddRange(ActionFindings.Of(rules, rules.Rules.Length, rules.Otherwise));
        findings.AddRange(CutFindings.Of(rules));
        return [.. findings.OrderBy(finding => finding.Rule)];
    }

    private static RuleFinding Never(int index, Rule rule) => new(
        FindingSeverity.Error, index, "when", rule.When,
        $"the rule `{rule.Name}` can never match: its conditions contradict one another",
        "remove one of them, or put alternatives under `any`");

    private static RuleFinding Covered(int index, Rule rule, int cover, Rule covering) => new(
        FindingSeverity.Error, index, "when", rule.When,
        $"the rule `{rule.Name}` can never match: the rule `{covering.Name}`, {cover + 1} in the list, matches all that it would",
        $"put it before `{covering.Name}`, or remove it");

    private static bool Find(this List<int> rules, Predicate<int> covers, out int found)
    {
        int at = rules.FindIndex(covers);
        found = at < 0 ? -1 : rules[at];
        return at >= 0;
    }

    private static int DepthOf(Predicate condition) => condition switch
    {
        Not not => 1 + DepthOf(not.Part),
        AllOf all => 1 + all.Parts.Select(DepthOf).DefaultIfEmpty().Max(),
        AnyOf any => 1 + any.Parts.Select(DepthOf).DefaultIfEmpty().Max(),
        _ => 1,
    };
}
