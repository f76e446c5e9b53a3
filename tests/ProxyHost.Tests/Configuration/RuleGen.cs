using System.Collections.Immutable;
using System.Net;
using CsCheck;
using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>Random valid programs and conditions, in every shape that can be written.</summary>
internal static class RuleGen
{
    private static readonly Gen<ImmutableArray<byte>> Octets = Gen.OneOf<ImmutableArray<byte>>(
        Gen.Byte.Array[1, 12].Select(bytes => ImmutableArray.Create(bytes)),
        Gen.OneOf("GET ", "true", "1", "0x1f", "a: b", "${X}", "$${", "\r\n", "\t", "#", " ", "null", "- x", "\"'\\")
            .Select(text => ImmutableArray.Create(System.Text.Encoding.ASCII.GetBytes(text))));

    public static readonly Gen<Predicate> Condition = Nested(3);

    private static readonly Gen<RuleAction> Action = Gen.Select(
        Gen.Enum<RuleVerdict>(), Gen.Bool, Gen.OneOf<int>(Gen.Const(0), Gen.Int[100, 1 << 30], Gen.Const(RuleAction.RestOfStream)), Gen.Int[0, 100],
        Gen.Select(Gen.Int[0, 99], Octets), Gen.Select(Gen.Int[0, 99], Gen.Int[1, 99]), Gen.Int[0, 3], (verdict, ingress, apply, cork, push, pop, changes) =>
        {
            var action = new RuleAction(verdict) { ApplyBytes = verdict == RuleVerdict.Reset ? 0 : apply, CorkBytes = cork };
            if (verdict == RuleVerdict.Redirect) action = action with { Cluster = "0", Ingress = ingress };
            bool changed = verdict is RuleVerdict.Pass or RuleVerdict.Redirect;
            return action with
            {
                Push = changed && (changes & 1) > 0 ? new PushBytes(push.Item1, push.Item2) : null,
                Pop = changed && (changes & 2) > 0 ? new PopBytes(pop.Item1, pop.Item2) : null,
            };
        });

    private static readonly Gen<Rule> Rule = Gen.Select(
        Gen.OneOf<Predicate>(Gen.Const<Predicate>(new AllOf([])), Condition), Action, Gen.Bool, (when, action, shadow) => new Rule("", when, action, shadow));

    public static readonly Gen<Framing?> Framing = Gen.OneOf<Framing?>(
        Gen.Const((Framing?)null),
        Gen.Int[1, 200].Select(bytes => (Framing?)new FixedLength(bytes)),
        Octets.Select(bytes => (Framing?)new Delimiter(bytes)),
        Gen.Select(Gen.Int[0, 50], Gen.Enum<LengthFormat>(), Gen.Bool, Gen.Int[-RuleSet.LargestMaxMessage, RuleSet.LargestMaxMessage], Gen.Bool,
            (offset, format, little, adjustment, header) => (Framing?)new LengthPrefix(offset, format, little, adjustment, header)));

    /// <summary>Programs named 0, 1 and so on. Every cluster is named 0.</summary>
    public static readonly Gen<ImmutableArray<RuleSet>> Programs = Gen.Select(
        Rule.Array[1, 5], Action, Framing, Gen.Int[200, RuleSet.LargestMaxMessage], Gen.Bool, (rules, otherwise, framing, most, corks) =>
            new RuleSet("", [.. rules.Select((rule, i) => rule with { Name = $"r{i}" })], otherwise) { Framing = framing, MaxMessage = most, CorksAsNeeded = corks })
        .Array[0, 3].Select(programs => ImmutableArray.CreateRange(programs.Select((program, i) => OrAny(Sound(program)) with { Name = $"{i}" })));

    /// <summary>A program without what the compiler refuses, such as rules that can never match.</summary>
    public static RuleSet Sound(RuleSet program)
    {
        while (RuleSetFindings.Of(program).FirstOrDefault(finding => finding.Severity == FindingSeverity.Error) is { } error)
        {
            if (error.Rule < 0) program = program with { Framing = null };
            else if (error.Rule == program.Rules.Length) program = program with { Otherwise = new RuleAction(RuleVerdict.Pass) };
            else program = program with { Rules = program.Rules.RemoveAt(error.Rule) };
        }
        return program;
    }

    private static RuleSet OrAny(RuleSet program) => program.Rules.IsEmpty
        ? program with { Rules = [new Rule("r", new AllOf([]), new RuleAction(RuleVerdict.Drop))] }
        : program;

    private static Gen<Predicate> Nested(int depth)
    {
        if (depth == 0) return Leaf();
        Gen<Predicate[]> parts = Gen.OneOf<Predicate>(Leaf(), Nested(depth - 1)).Array[1, 4];
        return Gen.OneOf<Predicate>(
            Leaf(),
            parts.Select(p => (Predicate)new AnyOf([.. p])),
            parts.Select(p => (Predicate)new AllOf([.. p])),
            Nested(depth - 1).Select(p => (Predicate)new Not(p)));
    }

    private static Gen<Predicate> Leaf() => Gen.OneOf<Predicate>(
        Number(Field.RemotePort, 0, 65535), Number(Field.LocalPort, 0, 65535), Number(Field.MessageLength, 1, int.MaxValue), Number(Field.StreamOffset, 0, long.MaxValue),
        Words(Field.Family, AddressFamilyNumber.IPv4, AddressFamilyNumber.IPv6, AddressFamilyNumber.Unix),
        Words(Field.Direction, (ulong)Direction.FromClient, (ulong)Direction.FromUpstream),
        Address(Field.RemoteAddress), Address(Field.LocalAddress), AsNumber(), AsBytes(), AsBytes(),
        Gen.OneOf("a.example", "*.b.example", "x_y-1", "1.2").Array[1, 3].Select(names => (Predicate)new NameTest(Field.Sni, [.. names])),
        Gen.OneOf("h2", "http/1.1", "1", "true").Array[1, 3].Select(names => (Predicate)new NameTest(Field.Alpn, [.. names])));

    private static Gen<Predicate> Number(Field field, ulong smallest, ulong largest) =>
        Set(smallest, largest).Select(set => (Predicate)new NumberTest(field, set));

    private static Gen<NumberSet> Set(ulong smallest, ulong largest)
    {
        Gen<ulong> number = Gen.OneOf<ulong>(Gen.ULong[smallest, largest], Gen.Const(smallest), Gen.Const(largest), Gen.ULong[smallest, smallest + 9]);
        return Gen.Select(number, number, (a, b) => new NumberRange(Math.Min(a, b), Math.Max(a, b))).Array[1, 4].Select(ranges => new NumberSet(ranges));
    }

    private static Gen<Predicate> Words(Field field, params ulong[] numbers) => Gen.OneOf(numbers).Array[1, 3]
        .Select(some => (Predicate)new NumberTest(field, new NumberSet(some.Select(n => new NumberRange(n, n)))));

    private static Gen<Predicate> Address(Field field) => Gen.OneOf<IPNetwork>(
        Gen.Select(Gen.Byte, Gen.Byte, (a, b) => new IPNetwork(new IPAddress([10, a, b, 0]), 24)),
        Gen.Byte.Select(a => new IPNetwork(new IPAddress([10, 0, 0, a]), 32)),
        Gen.UShort.Select(a => IPNetwork.Parse($"2001:db8:{a:x}::/48")),
        Gen.Const(IPNetwork.Parse("0.0.0.0/0")), Gen.Const(IPNetwork.Parse("::/0")), Gen.Const(IPNetwork.Parse("::1/128")))
        .Array[1, 3].Select(prefixes => (Predicate)new AddressTest(field, new PrefixSet(prefixes)));

    private static Gen<Predicate> AsNumber() => Gen.Select(Gen.OneOf(1, 2, 4, 8), Gen.Int[0, RuleSet.LargestMaxMessage - 1], Gen.Bool, Gen.ULong, Gen.ULong.Array[1, 3],
        (width, offset, little, mask, values) =>
        {
            ulong all = ulong.MaxValue >> (64 - (width * 8));
            mask = (mask & all) == 0 ? all : mask & all;
            return (Predicate)new BytesAsNumberTest(offset, width, little, mask, new NumberSet(values.Select(v => new NumberRange(v & mask, v & mask))));
        });

    private static Gen<Predicate> AsBytes() => Gen.Select(
        Gen.OneOf<int>(Gen.Const(0), Gen.Int[0, 99]), Gen.OneOf<int>(Gen.Const(0), Gen.Const(1024), Gen.Int[1, RuleSet.LargestMaxMessage]), Gen.Bool, Octets.Array[1, 3],
        (offset, within, ignoreCase, values) => (Predicate)new BytesTest(offset, within, ignoreCase, [.. values]));
}
