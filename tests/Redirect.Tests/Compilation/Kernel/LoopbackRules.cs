using System.Net;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>Random programs whose tests of sockets are about the sockets there are, and whose actions are mostly ones the kernel has.</summary>
internal sealed class LoopbackRules(int seed, MessageContext context, BpfProgramKind kind)
{
    private readonly Random _random = new(seed);

    public RuleSet Next() => Adapt(new RandomRules(_random.Next()).Any() with { Framing = null });

    private RuleSet Adapt(RuleSet rules) => rules with
    {
        Rules = [.. rules.Rules.Select(rule => rule with { When = Adapt(rule.When), Action = Adapt(rule.Action) })],
        Otherwise = Adapt(rules.Otherwise),
    };

    private RuleAction Adapt(RuleAction action) => _random.Next(10) == 0
        ? action
        : action with
        {
            Verdict = _random.Next(4) == 0 ? RuleVerdict.Drop : RuleVerdict.Pass,
            Push = kind == BpfProgramKind.SkMsg ? action.Push : null,
            Pop = kind == BpfProgramKind.SkMsg ? action.Pop : null,
            CorkBytes = _random.Next(4) == 0 ? _random.Next(10) : 0,
            ApplyBytes = _random.Next(8) == 0 ? RuleAction.RestOfStream : _random.Next(2) * _random.Next(60),
        };

    private Predicate Adapt(Predicate condition) => condition switch
    {
        AllOf all => new AllOf([.. all.Parts.Select(Adapt)]),
        AnyOf any => new AnyOf([.. any.Parts.Select(Adapt)]),
        Not not => new Not(Adapt(not.Part)),
        AddressTest test => test with { Prefixes = Prefixes(test.Field == Field.RemoteAddress ? context.Key.Remote : context.Key.Local) },
        NumberTest { Field: Field.RemotePort } test => test with { Values = Near(context.Key.RemotePort) },
        NumberTest { Field: Field.LocalPort } test => test with { Values = Near(context.Key.LocalPort) },
        NameTest or BytesTest { Within: > 0 } when _random.Next(4) > 0 => new NumberTest(Field.StreamOffset, Near((ulong)_random.Next(40))),
        _ => condition,
    };

    private NumberSet Near(ulong number) => new([new NumberRange(number - Math.Min(number, (ulong)_random.Next(2)), number + (ulong)_random.Next(3))]);

    private PrefixSet Prefixes(IPEndPoint endPoint)
    {
        List<IPNetwork> prefixes = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")];
        if (_random.Next(2) == 0)
            prefixes.AddRange(Enumerable.Range(0, 100).Select(i => new IPNetwork(new IPAddress([10, (byte)i, 0, 0]), 17)).Append(IPNetwork.Parse("::2/127")));
        prefixes.Add(_random.Next(3) switch
        {
            0 => new IPNetwork(endPoint.Address, endPoint.Address.GetAddressBytes().Length * 8),
            1 => IPNetwork.Parse("127.0.0.0/9"),
            _ => IPNetwork.Parse("::ffff:128.0.0.0/97"),
        });
        return new PrefixSet(prefixes);
    }
}
