using Sluice.ProxyHost.Configuration.Conditions;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>The table of one of a program's rules.</summary>
internal static class RuleSection
{
    private const string NoRule = "otherwise";

    /// <summary>What a rule without <c>when</c> asks.</summary>
    private static readonly AllOf Always = new([]);

    private static readonly ActionKeys<Rule> Action = new(r => r.Action);

    private static readonly Key<Rule, string> Name = new("name", NameType.DeclaringInList("rule", "the rules of its program"), r => r.Name)
    {
        Summary = "What metrics, logs and explanations call the rule.",
        Example = "no-flushall",
    };

    private static readonly Key<Rule, Predicate> When = new("when",
        new MappedType<Predicate?, Predicate>(
            new OptionalType<Predicate>(ConditionsType.Shared, null), when => when ?? Always, when => when is AllOf { Parts.IsEmpty: true } ? null : when),
        r => r.When)
    {
        Summary = "What must hold for the rule to decide. Without it the rule always does.",
        Example = "{ starts_with: \"FLUSHALL\" }",
        Default = Always,
    };

    private static readonly Key<Rule, bool> Shadow = new("shadow", new BooleanType(), r => r.IsShadow)
    {
        Summary = "Whether the rule only counts what it would have decided, and the rules after it decide.",
        Example = "true",
        Default = false,
    };

    public static Section<Rule> Type { get; } = new(
        [Name, When, Action.Verdict, Action.To, Action.ApplyBytes, Action.CorkBytes, Action.Push, Action.Pop, Action.Ingress, Shadow],
        v => new Rule(v.Of(Name), v.Of(When), Action.Build(v), v.Of(Shadow)))
    {
        Check = (v, at) =>
        {
            ActionCheck.Run(Action, v, at);
            if (v.TryOf(Name, out string? name) && name == NoRule)
                at.Towards("name").Error($"`{NoRule}` is what metrics and logs say where no rule decides", "give the rule another name");
        },
    };
}
