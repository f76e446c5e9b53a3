using System.Globalization;
using System.Text;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>Prints a plan: a line for the program, one for each rule and below it one for each node, with its index.</summary>
internal static class PlanPrinter
{
    internal static string Print(VerdictPlan plan)
    {
        RuleSet rules = plan.Rules;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"program {rules.Name}: {RuleText.Of(rules.Framing)}, at most {rules.MaxMessage} bytes");
        text.Append(rules.CorksAsNeeded || rules.Framing is not null ? "\n" : ", waits for nothing by itself\n");
        for (int i = 0; i < rules.Rules.Length; i++)
        {
            Rule rule = rules.Rules[i];
            text.Append(CultureInfo.InvariantCulture, $"rule {i} {rule.Name}{(rule.IsShadow ? " (shadow)" : "")}: {RuleText.Of(rule.Action)}\n");
            int root = plan.NodeOf(i);
            PrintNode(plan, root, depth: 1, text);
        }

        return text.Append(CultureInfo.InvariantCulture, $"otherwise: {RuleText.Of(rules.Otherwise)}\n").ToString();
    }

    private static void PrintNode(VerdictPlan plan, int at, int depth, StringBuilder text)
    {
        PlanNode node = plan.Nodes[at];
        text.Append(CultureInfo.InvariantCulture, $"{at,5} ").Append(' ', 2 * depth);
        if (node.Kind is not (PlanNodeKind.AllOf or PlanNodeKind.AnyOf))
        {
            text.Append(node.IsNegated ? "not " : "").Append(RuleText.Of(plan.Sources[at])).Append('\n');
            return;
        }

        bool isEmpty = node.End == at + 1;
        text.Append(node.Kind == PlanNodeKind.AllOf ? (isEmpty ? "always" : "all, to ") : isEmpty ? "never" : "any, to ");
        text.Append(isEmpty ? "" : (node.End - 1).ToString(CultureInfo.InvariantCulture)).Append('\n');
        for (int part = at + 1; part < node.End; part = plan.Nodes[part].End)
            PrintNode(plan, part, depth + 1, text);
    }
}
