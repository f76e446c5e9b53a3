using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Tests.Compilation;

namespace Sluice.Functional;

/// <summary>Random programs that may run where an application sends, and streams for them.</summary>
internal sealed class SendRules(int seed)
{
    private readonly Random _random = new(seed);
    private readonly RandomRules _rules = new(seed);

    /// <summary>One that is not refused.</summary>
    public RuleSet Next()
    {
        while (true)
        {
            RuleSet rules = Adapt(_random.Next(6) == 0 ? _rules.Any() with { Framing = null } : _rules.IndependentOfCuts());
            if (BpfBackend.CompileForSends(VerdictPlan.Compile(rules), Direction.FromClient).Plan is not null)
                return rules;
        }
    }

    /// <summary>Sends of a stream: mostly one message each, else several, or parts.</summary>
    public List<byte[]> Sends(RuleSet rules, int bytes)
    {
        byte[] stream = [.. Enumerable.Range(0, 8).SelectMany(_ => _rules.Stream(bytes / 8))];
        List<byte[]> sends = [];
        var reference = new ManagedReference(VerdictPlan.Compile(rules with { Rules = [], Otherwise = new RuleAction(RuleVerdict.Pass) }), Direction.FromClient);
        _ = reference.Judge(stream);
        int message = 0;
        for (int at = 0; at < stream.Length;)
        {
            int length = message < reference.Messages.Count ? reference.Messages[message++] : 1 + _random.Next(20);
            while (_random.Next(8) == 0 && message < reference.Messages.Count)
                length += reference.Messages[message++];
            length = Math.Min(length, stream.Length - at);
            int first = _random.Next(10) == 0 ? _random.Next(length) : 0;
            foreach (byte[] part in (byte[][])[stream[at..(at + first)], stream[(at + first)..(at + length)]])
            {
                if (part.Length > 0)
                    sends.Add(part);
            }

            at += length;
        }

        return sends;
    }

    private RuleSet Adapt(RuleSet rules) => rules with
    {
        Rules = [.. rules.Rules.Select(rule => rule with { When = Adapt(rule.When, rules.Framing is null), Action = Adapt(rule.Action) })],
        Otherwise = Adapt(rules.Otherwise),
        Framing = rules.Framing is Delimiter ? new FixedLength(1 + _random.Next(9)) : rules.Framing,
    };

    private RuleAction Adapt(RuleAction action) =>
        action.Verdict == RuleVerdict.Redirect || (action.Verdict == RuleVerdict.Reset && _random.Next(8) > 0)
            ? action with { Verdict = RuleVerdict.Pass, Cluster = null, Ingress = false }
            : action;

    private Predicate Adapt(Predicate condition, bool isUnframed) => condition switch
    {
        AllOf all => new AllOf([.. all.Parts.Select(part => Adapt(part, isUnframed))]),
        AnyOf any => new AnyOf([.. any.Parts.Select(part => Adapt(part, isUnframed))]),
        Not not => new Not(Adapt(not.Part, isUnframed)),
        NumberTest { Field: Field.MessageLength or Field.StreamOffset or Field.Direction } or BytesTest or BytesAsNumberTest when !isUnframed => condition,
        _ => new NumberTest(Field.StreamOffset, new NumberSet([new NumberRange(0, isUnframed ? 0 : (ulong)_random.Next(40))])),
    };
}
