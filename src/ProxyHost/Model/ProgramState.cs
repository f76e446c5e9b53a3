using System.Collections.Immutable;
using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Model;

/// <summary>A verdict program of the configuration, compiled. One instance serves all listeners that name it. Immutable.</summary>
internal sealed class ProgramState
{
    private readonly RuleName?[] _interesting;
    private readonly Lazy<ImmutableArray<OffloadRefusal>> _refusals;
    private readonly Lazy<ImmutableArray<OffloadRefusal>> _sendRefusals;

    /// <param name="rules">Valid rules.</param>
    /// <param name="clusterIndex">What a connection's further clusters are known by.</param>
    public ProgramState(RuleSet rules, Func<string, uint> clusterIndex)
    {
        Rules = rules;
        Backend = new ManagedBackend(VerdictPlan.Compile(rules), clusterIndex);
        FramingParser? parser = rules.Framing is { } framing ? new FramingParser(framing, rules.MaxMessage) : null;
        Stream = new StreamProgram(Backend, parser, rules.MaxMessage);
        // For the bytes of either side the same.
        _refusals = new(() => BpfBackend.Compile(Backend.Plan, BpfProgramKind.SkSkb, Direction.FromClient).Refusals);
        _sendRefusals = new(() => BpfBackend.CompileForSends(Backend.Plan, Direction.FromClient).Refusals);
        _interesting = [.. Enumerable.Range(0, rules.Rules.Length + 1).Select(rule => IsInteresting(rule) ? new RuleName(rules.Name, NameOf(rule)) : null)];
    }

    /// <summary>As configured.</summary>
    public RuleSet Rules { get; }

    /// <summary>What runs.</summary>
    public ManagedBackend Backend { get; }

    /// <summary>The same with its framing, for the maps.</summary>
    public StreamProgram Stream { get; }

    /// <summary>What the kernel does not do of it. Compiled when somebody asks.</summary>
    public ImmutableArray<OffloadRefusal> Refusals => _refusals.Value;

    /// <summary>What the kernel does not do of it where an application sends: with the bypass. Likewise.</summary>
    public ImmutableArray<OffloadRefusal> SendRefusals => _sendRefusals.Value;

    /// <summary>The clusters that its rules redirect to, each once.</summary>
    public IEnumerable<string> Clusters =>
        Rules.Rules.Select(rule => rule.Action).Append(Rules.Otherwise).Select(action => action.Cluster).OfType<string>().Distinct();

    /// <summary>The name of a rule; <c>otherwise</c> where none matched.</summary>
    public string NameOf(int rule) => rule < Rules.Rules.Length ? Rules.Rules[rule].Name : "otherwise";

    /// <summary>The name of a rule that does more to bytes than pass them on; null for the others and for shadows.</summary>
    public RuleName? Interesting(int rule) => _interesting[rule];

    /// <summary>What a rule does.</summary>
    public RuleAction ActionOf(int rule) => Backend.Plan.ActionOf(rule);

    /// <summary>Whether a rule only counts.</summary>
    public bool IsShadow(int rule) => rule < Rules.Rules.Length && Rules.Rules[rule].IsShadow;

    private bool IsInteresting(int rule) =>
        !IsShadow(rule) && ActionOf(rule) is var action && (action.Verdict != RuleVerdict.Pass || action.Push is not null || action.Pop is not null);
}
