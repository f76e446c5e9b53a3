using System.Collections.Immutable;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>
/// Runs a plan in the managed engine. One instance serves any number of sockets; it keeps nothing between messages and
/// allocates nothing for one. <see cref="MessageContext.Observer"/> hears of every decision, after the shadow rules that matched.
/// </summary>
public sealed class ManagedBackend : IVerdictProgram
{
    private readonly ImmutableArray<BackendAction> _actions;

    /// <summary>A program for a plan.</summary>
    /// <param name="plan">What decides.</param>
    /// <param name="clusterIndex">The key in <see cref="MessageContext.Clusters"/> of a cluster; asked once for each redirect, now.</param>
    public ManagedBackend(VerdictPlan plan, Func<string, uint> clusterIndex)
    {
        Plan = plan;
        _actions = [.. Enumerable.Range(0, plan.Rules.Rules.Length + 1).Select(rule => new BackendAction(plan.ActionOf(rule), clusterIndex))];
    }

    /// <summary>What decides; its rules are what an observer's index is of.</summary>
    public VerdictPlan Plan { get; }

    /// <inheritdoc/>
    public Verdict Run(Message message)
    {
        var view = new MessageView(message.Data, message.Context, message.StreamOffset, message.IsFinal);
        var reporter = new Reporter(this, message.Context.Observer);
        Ruling ruling = reporter.IsHeard ? Plan.Decide(view, ref reporter) : Plan.Decide(view);
        if (!ruling.IsDecided)
        {
            message.CorkBytes(ruling.NeededBytes);
            return Verdict.Pass;
        }

        reporter.OnDecision(ruling.Rule);
        return _actions[ruling.Rule].Do(message);
    }

    private readonly struct Reporter(ManagedBackend program, IVerdictObserver? observer) : IShadowSink
    {
        internal bool IsHeard => observer is not null;

        public void OnShadow(int rule) => observer?.OnRule(program, rule);

        internal void OnDecision(int rule) => observer?.OnRule(program, rule);
    }
}
