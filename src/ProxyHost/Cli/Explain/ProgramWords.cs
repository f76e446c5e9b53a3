using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>A program in words: its messages, its rules in order, what it holds and what only one engine can do.</summary>
internal static class ProgramWords
{
    public static void Print(Page page, ProgramState program, OffloadMode mode, bool withPlan)
    {
        RuleSet rules = program.Rules;
        page.Line(Messages(rules));
        page.Line(Waiting(rules));
        for (int i = 0; i < rules.Rules.Length; i++)
        {
            Rule rule = rules.Rules[i];
            page.Line($"{i + 1} {rule.Name}: {RuleText.Of(rule.Action)}{(rule.IsShadow ? " (shadow: counted, not done)" : "")}");
            ConditionWords.Print(page.In, rule.When);
        }
        page.Line($"otherwise: {RuleText.Of(rules.Otherwise)}");
        if (Offload(program, mode) is { } offload) page.Line(offload);
        if (withPlan) page.Lines($"plan\n{program.Backend.Plan}");
    }

    private static string? Offload(ProgramState program, OffloadMode mode)
    {
        if (mode != OffloadMode.Bypass)
            return Of(program.Refusals, OffloadScope.Message) is { Length: > 0 } left ? $"the kernel leaves to the managed engine: {left}" : null;
        if (Of(program.SendRefusals, OffloadScope.Program) is { Length: > 0 } refused)
            return $"not run where applications send (sk_msg): {refused}";

        string but = Of(program.SendRefusals, OffloadScope.Message);
        return $"run where applications on this host send (sk_msg){(but.Length > 0 ? $", which leaves to the managed engine: {but}" : "")}";
    }

    private static string Of(IEnumerable<OffloadRefusal> refusals, OffloadScope scope) =>
        string.Join("; ", refusals.Where(refusal => refusal.Scope == scope));

    private static string Messages(RuleSet rules) => rules.Framing is { } framing
        ? $"{RuleText.Of(framing)}, up to {Amounts.Size(rules.MaxMessage)} each; a longer one ends the connection"
        : "no framing: a message is what is at hand, as TCP delivers it";

    private static string Waiting(RuleSet rules)
    {
        bool corks = rules.Rules.Where(rule => !rule.IsShadow).Select(rule => rule.Action).Append(rules.Otherwise).Any(action => action.CorkBytes > 0);
        bool reads = rules.Rules.Any(rule => !rule.IsShadow && ConditionWords.ReadsBytes(rule.When));
        string most = Amounts.Size(rules.MaxMessage);
        if (rules.Framing is not null) return $"waits until a message is whole, and holds up to {most} of a connection meanwhile";
        if (reads && rules.CorksAsNeeded) return $"waits for the bytes that decide, and holds up to {most} of a connection meanwhile";
        string self = reads ? "; a condition on bytes that are not there does not hold" : "";
        return corks
            ? $"waits where cork says so, and holds up to {most} of a connection meanwhile{self}"
            : $"waits for no bytes{self}";
    }
}
