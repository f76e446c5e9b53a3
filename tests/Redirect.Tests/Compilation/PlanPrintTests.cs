using System.Net;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Tests.Compilation;

public sealed class PlanPrintTests
{
    [Fact]
    public void A_plan_is_a_line_for_each_node() => Golden(
        new RuleSet(
            "redis",
            [
                new Rule("inside", new AddressTest(Field.RemoteAddress, new PrefixSet([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")])), new RuleAction(RuleVerdict.Pass) { ApplyBytes = RuleAction.RestOfStream }, IsShadow: true),
                new Rule("flush", new AllOf([Number(0, 1, 42), new BytesTest(0, 512, true, [[.. "FLUSHALL"u8], [.. "CONFIG"u8]])]), new RuleAction(RuleVerdict.Reset)),
                new Rule("elsewhere", new Not(new AllOf([Number(4, 2, 1, 2), new Not(new BytesTest(2, 0, false, [[0, 1, 255]]))])), new RuleAction(RuleVerdict.Redirect) { Cluster = "other", Ingress = true, CorkBytes = 8, ApplyBytes = 16 }),
                new Rule("rest", new AllOf([]), new RuleAction(RuleVerdict.Pass) { Pop = new PopBytes(0, 4), Push = new PushBytes(2, [.. "ok"u8]) }),
            ],
            new RuleAction(RuleVerdict.Drop)),
        """
        program redis: no framing, at most 65536 bytes
        rule 0 inside (shadow): pass, apply to the rest
            0   remote_address in 10.0.0.0/8 or fd00::/8
        rule 1 flush: reset
            1   all, to 3
            2     u8 at 0 is 0x2a
            3     contains "FLUSHALL" or "CONFIG" in any case from 0 to 512
        rule 2 elsewhere: redirect to other (ingress), cork 8, apply to 16
            4   any, to 6
            5     not u16 at 4 is 1-2
            6     bytes at 2 are 0x0001ff
        rule 3 rest: pass, pop 4 at 0, push "ok" at 2
            7   always
        otherwise: drop

        """);

    [Fact]
    public void Groups_of_one_kind_are_one_and_negations_are_at_the_tests() => Golden(
        new RuleSet(
            "nested",
            [
                new Rule("a", new AllOf([new AllOf([Number(0, 1, 1), new Not(new AnyOf([Number(1, 1, 1), Number(2, 1, 1)]))]), new AnyOf([Number(3, 1, 1)])]), new RuleAction(RuleVerdict.Pass)),
                new Rule("b", new Not(new Not(new AnyOf([new AllOf([]), new AnyOf([]), new NumberTest(Field.Family, Set(2, 2)), new NumberTest(Field.Direction, Set(1, 1))]))), new RuleAction(RuleVerdict.Pass)),
                new Rule("c", new AllOf([new NameTest(Field.Sni, ["*.a.b"]), new NameTest(Field.Alpn, ["h2"]), new BytesAsNumberTest(8, 4, true, 0xFF00, Set(256, 512)), new BytesTest(0, 0, false, [[.. "SSH-"u8]])]), new RuleAction(RuleVerdict.Pass)),
            ],
            new RuleAction(RuleVerdict.Pass)) { Framing = new LengthPrefix(2, LengthFormat.U16, true, -4, true), MaxMessage = 100, CorksAsNeeded = false },
        """
        program nested: messages with their length as u16 little-endian at 2 less 4, header included, at most 100 bytes
        rule 0 a: pass
            0   all, to 4
            1     u8 at 0 is 1
            2     not u8 at 1 is 1
            3     not u8 at 2 is 1
            4     u8 at 3 is 1
        rule 1 b: pass
            5   any, to 8
            6     always
            7     family is ipv4
            8     direction is from_upstream
        rule 2 c: pass
            9   all, to 13
           10     sni is *.a.b
           11     alpn is h2
           12     u32 at 8 little-endian mask 0xff00 is 0x100-0x200
           13     starts_with "SSH-"
        otherwise: pass

        """);

    [Fact]
    public void Long_lists_and_long_bytes_are_cut_short() => Golden(
        new RuleSet(
            "long",
            [
                new Rule("ports", new NumberTest(Field.LocalPort, new NumberSet(Enumerable.Range(1, 20).Select(i => new NumberRange((ulong)i * 10, (ulong)i * 10)))), new RuleAction(RuleVerdict.Pass)),
                new Rule("bytes", new BytesTest(0, 0, false, [[.. new byte[40]]]), new RuleAction(RuleVerdict.Pass)),
            ],
            new RuleAction(RuleVerdict.Pass)) { Framing = new Delimiter([13, 10]) },
        """
        program long: messages that end with "\r\n", at most 65536 bytes
        rule 0 ports: pass
            0   local_port is 10 or 20 or 30 or 40 or 50 or 60 or 70 or 80 or 12 more
        rule 1 bytes: pass
            1   starts_with 0x0000000000000000000000000000000000000000000000000000000000000000...
        otherwise: pass

        """);

    private static void Golden(RuleSet rules, string expected) => Assert.Equal(expected, VerdictPlan.Compile(rules).ToString());

    private static BytesAsNumberTest Number(int offset, int width, ulong first, ulong? last = null) =>
        new(offset, width, false, ulong.MaxValue >> (64 - (8 * width)), Set(first, last ?? first));

    private static NumberSet Set(ulong first, ulong last) => new([new(first, last)]);
}
