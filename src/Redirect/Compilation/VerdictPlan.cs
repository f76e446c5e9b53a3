using System.Collections.Immutable;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>
/// A program's rules in the form in which they are run: a line of nodes for each, with no tree to walk. It decides with three
/// values: a rule whose bytes are not there yet is neither true nor false, and the rules behind it wait with it, until there
/// are just as many bytes as can change that. Immutable; any thread may use it.
/// </summary>
public sealed class VerdictPlan
{
    private readonly PlanCode _code;
    private readonly PlanRule[] _rules;
    private readonly bool _hasShadows;

    private VerdictPlan(RuleSet rules)
    {
        Rules = rules;
        var builder = new PlanBuilder();
        _rules = [.. rules.Rules.Select(rule => new PlanRule(builder.Add(rule.When), rule.IsShadow))];
        (_code, Sources) = (builder.Build(), builder.Sources);
        _hasShadows = rules.Rules.Any(rule => rule.IsShadow);
    }

    /// <summary>What it was compiled from.</summary>
    public RuleSet Rules { get; }

    internal ReadOnlySpan<PlanNode> Nodes => _code.Nodes;

    /// <summary>For each node, the condition it was written from.</summary>
    internal ImmutableArray<Predicate> Sources { get; }

    /// <summary>Where a rule's node is.</summary>
    internal int NodeOf(int rule) => _rules[rule].Node;

    /// <summary>
    /// Compiles rules that <see cref="RuleSetFindings"/> finds no error in. Throws <see cref="ArgumentException"/> on what no
    /// reader lets through: nesting beyond <see cref="RuleLimits.Depth"/>, a test of a field it does not fit, a width that is none.
    /// </summary>
    public static VerdictPlan Compile(RuleSet rules) => new(rules);

    /// <summary>Judges a message without telling which shadow rules match.</summary>
    public Ruling Decide(in MessageView view)
    {
        var evaluation = Begin(view);
        return Decide(ref evaluation, view);
    }

    /// <summary>
    /// Judges a message: the first rule that is true and no shadow decides. Allocates nothing, copies nothing, and never throws
    /// because of the bytes, the empty message included.
    /// <para>
    /// A shadow rule delays nothing. It is tested when the message is decided, on the bytes that are there then, and tells
    /// <paramref name="shadows"/> when it is true; one that would need more bytes does not match. A shadow rule behind the one
    /// that decides is not tested, as it would not have been asked either.
    /// </para>
    /// <para>
    /// Where the deciding action has <see cref="RuleAction.CorkBytes"/> and fewer bytes are there, the message is undecided. A
    /// message is final, whatever the view says, when the program has framing, as it is whole then, and when
    /// <see cref="RuleSet.MaxMessage"/> bytes are there. Bytes beyond those are absent for all tests.
    /// </para>
    /// </summary>
    public Ruling Decide<TSink>(in MessageView view, ref TSink shadows)
        where TSink : IShadowSink, allows ref struct
    {
        var evaluation = Begin(view);
        Ruling ruling = Decide(ref evaluation, view);
        if (!_hasShadows || !ruling.IsDecided)
            return ruling;

        for (int i = 0; i < ruling.Rule; i++)
        {
            if (_rules[i].IsShadow && evaluation.Test(_rules[i].Node).IsTrue)
                shadows.OnShadow(i);
        }

        return ruling;
    }

    /// <summary>What is done when the rule with this index decides; the number of rules stands for <c>otherwise</c>.</summary>
    public RuleAction ActionOf(int rule) => rule == Rules.Rules.Length ? Rules.Otherwise : Rules.Rules[rule].Action;

    /// <summary>The plan for people, a line for each node.</summary>
    public override string ToString() => PlanPrinter.Print(this);

    private Evaluation Begin(in MessageView view) =>
        new(_code, view, Rules.MaxMessage, isFinal: !Rules.CorksAsNeeded || IsWhole(view));

    private Ruling Decide(ref Evaluation evaluation, in MessageView view)
    {
        for (int i = 0; i < _rules.Length; i++)
        {
            if (_rules[i].IsShadow)
                continue;

            Truth truth = evaluation.Test(_rules[i].Node);
            if (truth.IsTrue)
                return Corked(i, view);
            if (!truth.IsFalse)
                return new Ruling(i, Math.Min(truth.NeededBytes, Rules.MaxMessage));
        }

        return Corked(_rules.Length, view);
    }

    private Ruling Corked(int rule, in MessageView view)
    {
        int cork = Math.Min(ActionOf(rule).CorkBytes, Rules.MaxMessage);
        return new Ruling(rule, view.Data.Length < cork && !IsWhole(view) ? cork : 0);
    }

    // Nothing that would come later belongs to it.
    private bool IsWhole(in MessageView view) => view.IsFinal || Rules.Framing is not null || view.Data.Length >= Rules.MaxMessage;

    private readonly record struct PlanRule(int Node, bool IsShadow);
}
