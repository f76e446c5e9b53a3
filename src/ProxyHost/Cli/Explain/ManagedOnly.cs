using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>What of a program only the managed engine can do.</summary>
internal static class ManagedOnly
{
    /// <summary>Each thing with the rules that ask for it; empty when a kernel could do all of it.</summary>
    public static IEnumerable<string> In(RuleSet rules)
    {
        if (FieldTable.Engines(rules.Framing) == RuleEngines.Managed)
            yield return $"framing by {rules.Framing switch { Delimiter => "delimiter", FixedLength => "fixed length", _ => "length prefix" }}";
        var asked = rules.Rules.SelectMany(rule => Words(rule).Distinct().Select(word => (word, rule.Name))).ToList();
        if (rules.Otherwise.Verdict == RuleVerdict.Reset) asked.Add(("reset", "otherwise"));
        foreach (IGrouping<string, string> word in asked.GroupBy(one => one.word, one => one.Name))
            yield return $"{word.Key} ({string.Join(", ", word)})";
    }

    private static IEnumerable<string> Words(Rule rule)
    {
        foreach (Predicate test in ConditionWords.Tests(rule.When))
        {
            FieldRow row = FieldTable.Row(ConditionWords.FieldOf(test));
            if (row.Engines == RuleEngines.Managed) yield return row.Words[0];
            // A program of the kernel's may not loop for as long as a search can take.
            if (test is BytesTest { Within: > 0 }) yield return "contains";
        }
        if (!rule.IsShadow && rule.Action.Verdict == RuleVerdict.Reset) yield return "reset";
    }
}
