using System.Net;
using System.Text;
using CsCheck;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Tests.Compilation;

public sealed class RuleSetFindingsTests
{
    private static readonly RuleAction Pass = new(RuleVerdict.Pass);
    private static readonly RuleAction Rest = Pass with { ApplyBytes = RuleAction.RestOfStream };
    private static readonly Predicate Always = new AllOf([]);

    public static TheoryData<string, bool, Predicate, Predicate> Coverings => new()
    {
        { "everything", true, Always, Starts("a") },
        { "the same", true, Starts("abc"), Starts("abc") },
        { "a longer prefix", true, Starts("ab"), Starts("abc") },
        { "a shorter prefix", false, Starts("abc"), Starts("ab") },
        { "any case has the exact one", true, Starts("AB", ignoresCase: true), Starts("abc") },
        { "the exact one has not any case", false, Starts("ab"), Starts("abc", ignoresCase: true) },
        { "a search has the value in its range", true, Bytes(2, 4, "b"), Bytes(2, 1, "xxb") },
        { "a search ends before", false, Bytes(0, 4, "b"), Bytes(3, 0, "xxb") },
        { "one of several", true, Bytes(0, 0, "a", "b"), Bytes(0, 0, "ba", "ab", "b") },
        { "all but one of several", false, Bytes(0, 0, "a", "b"), Bytes(0, 0, "ba", "c") },
        { "ports in a range", true, Port(1, 100), Port(5, 7) },
        { "ports across its end", false, Port(1, 100), Port(99, 101) },
        { "other ports", false, Port(1, 100), new NumberTest(Field.RemotePort, Set(5, 7)) },
        { "a prefix in a prefix", true, Remote("10.0.0.0/8"), Remote("10.1.0.0/16") },
        { "a prefix around it", false, Remote("10.1.0.0/16"), Remote("10.0.0.0/8") },
        { "a number", true, Number(2, 1, 9), Number(2, 3, 4) },
        { "a number elsewhere", false, Number(2, 1, 9), Number(3, 3, 4) },
        { "a name below", true, Sni("*.b.c"), Sni("a.b.c") },
        { "a pattern below", true, Sni("*.c"), Sni("*.B.c") },
        { "a name above", false, Sni("*.b.c"), Sni("b.c") },
        { "one more condition", true, Port(1, 9), new AllOf([Starts("a"), Port(1, 5)]) },
        { "one condition less", false, new AllOf([Starts("a"), Port(1, 5)]), Port(1, 5) },
        { "all of its conditions", true, new AllOf([Starts("a"), Port(1, 5)]), new AllOf([Port(2, 2), Starts("ab"), Number(0, 1, 1)]) },
        { "one alternative", true, new AnyOf([Starts("a"), Port(1, 5)]), Port(2, 5) },
        { "fewer alternatives", true, new AnyOf([Starts("a"), Starts("b"), Starts("c")]), new AnyOf([Starts("c"), Starts("a")]) },
        { "more alternatives", false, new AnyOf([Starts("a"), Starts("b")]), new AnyOf([Starts("c"), Starts("a")]) },
        { "not something else", true, new Not(Port(1, 9)), Port(20, 30) },
        { "not the same", false, new Not(Port(1, 9)), Port(5, 30) },
        { "not more", true, new Not(Port(1, 5)), new Not(Port(1, 9)) },
        { "not less", false, new Not(Port(1, 9)), new Not(Port(1, 5)) },
        { "another beginning", true, new Not(Starts("ab")), Starts("ax") },
    };

    public static TheoryData<string, bool, Predicate> Contradictions => new()
    {
        { "two ports", true, new AllOf([Port(1, 2), Port(3, 4)]) },
        { "ports that overlap", false, new AllOf([Port(1, 3), Port(3, 4)]) },
        { "three sets with nothing in common", true, new AllOf([Port(1, 2, 9, 9), Port(2, 3, 9, 9), new Not(Port(2, 9))]) },
        { "a port and not that port", true, new AllOf([new Not(Port(1, 9)), Port(2, 2)]) },
        { "all values are excluded", false, new AllOf([new Not(Port(0, 9)), new Not(new NumberTest(Field.LocalPort, Set(10, 65535)))]) },
        { "two beginnings", true, new AllOf([Starts("ab"), Starts("ax")]) },
        { "a beginning and its own", false, new AllOf([Starts("ab"), Starts("abc")]) },
        { "two hosts", true, new AllOf([Sni("a.b"), Sni("c.d", "*.b.b")]) },
        { "two protocols", false, new AllOf([new NameTest(Field.Alpn, ["h2"]), new NameTest(Field.Alpn, ["http/1.1"])]) },
        { "two networks", true, new AllOf([Remote("10.0.0.0/8"), Remote("11.0.0.0/8")]) },
        { "both ends", false, new AllOf([Remote("10.0.0.0/8"), new AddressTest(Field.LocalAddress, new PrefixSet([IPNetwork.Parse("11.0.0.0/8")]))]) },
        { "two numbers at one place", true, new AllOf([Number(0, 1, 2), Number(0, 3, 4)]) },
        { "all alternatives", true, new AllOf([Port(1, 2), new AnyOf([Port(3, 3), new AllOf([Starts("a"), Port(4, 4)])])]) },
        { "one alternative is left", false, new AllOf([Port(1, 2), new AnyOf([Port(3, 3), Starts("a")])]) },
        { "no alternative", true, new AnyOf([]) },
        { "not anything", true, new Not(Always) },
        { "neither nor", true, new AllOf([Starts("a"), new Not(new AnyOf([Starts("a"), Starts("b")]))]) },
    };

    [Theory]
    [MemberData(nameof(Coverings))]
    public void A_rule_that_an_earlier_one_covers_is_an_error(string because, bool isCovered, Predicate earlier, Predicate later)
    {
        RuleSet rules = Rules(new Rule("first", earlier, Rest), new Rule("second", later, Rest));
        RuleFinding[] findings = [.. RuleSetFindings.Of(rules).Where(finding => finding.Rule == 1 && finding.Message.Contains("can never match", StringComparison.Ordinal))];
        Assert.True(isCovered == (findings.Length == 1), because);
        Assert.All(findings, finding => Assert.Equal((FindingSeverity.Error, "when", later), (finding.Severity, finding.Path, finding.Condition)));

        // A shadow covers nothing, and may be covered.
        RuleSet shadow = Rules(new Rule("first", earlier, Rest, IsShadow: true), new Rule("second", later, Rest));
        Assert.DoesNotContain(RuleSetFindings.Of(shadow), finding => finding.Message.Contains("can never match", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_condition_that_contradicts_itself_is_an_error(string because, bool isNever, Predicate condition) =>
        Assert.True(isNever == RuleSetFindings.Of(Rules(new Rule("only", condition, Rest))).Any(finding => finding.Message.Contains("contradict", StringComparison.Ordinal)), because);

    // Whatever is found to be impossible must be impossible for the rules as they are run.
    [Fact]
    public void No_rule_that_can_match_is_said_to_be_impossible() => Gen.Int.Sample(seed =>
    {
        var random = new RandomRules(seed);
        RuleSet rules = random.Any();
        int[] impossible = [.. RuleSetFindings.Of(rules).Where(finding => finding.Message.Contains("can never match", StringComparison.Ordinal)).Select(finding => finding.Rule)];
        if (impossible.Length == 0)
            return;

        var plan = VerdictPlan.Compile(rules);
        for (int i = 0; i < 30; i++)
        {
            byte[] stream = random.Stream(60);
            for (int length = 0; length <= stream.Length; length++)
            {
                Ruling ruling = plan.Decide(new MessageView(stream.AsSpan(0, length), random.Context(), i, isFinal: true));
                Assert.DoesNotContain(ruling.Rule, impossible);
            }
        }
    }, iter: 3000);

    [Theory]
    [InlineData(1, 0xFF, 0, 256, "when.u8: u8 is never more than 255")]
    [InlineData(2, 0xFFFF, 0, 65535, "")]
    [InlineData(2, 0xFF00, 1, 255, "when.u16: with mask 0xff00 it can be none of 1-255")]
    [InlineData(2, 0xFF00, 1, 256, "")]
    [InlineData(2, 0x0F0F, 0x10, 0xFF, "when.u16: with mask 0xf0f it can be none of 16-255")]
    [InlineData(2, 0x0F0F, 0x10, 0x100, "")]
    [InlineData(4, 0x80000000, 1, 0x7FFFFFFF, "when.u32: with mask 0x80000000 it can be none of 1-2147483647")]
    [InlineData(1, 0x70, 0x71, 0xFF, "when.u8: with mask 0x70 it can be none of 113-255")]
    public void Values_that_a_number_can_never_have_are_an_error(int width, ulong mask, ulong first, ulong last, string expected) =>
        Assert.Equal(expected, Errors(new BytesAsNumberTest(0, width, false, mask, Set(first, last)), Rest));

    [Fact]
    public void A_test_past_the_cork_is_an_error()
    {
        Assert.Equal("when.u8: it looks at byte 9, and `cork_bytes` gathers 8", Errors(Number(8, 1, 1), Rest with { CorkBytes = 8 }));
        Assert.Equal("", Errors(Number(7, 1, 1), Rest with { CorkBytes = 8 }));
        Assert.Equal("when.bytes: it looks at byte 10, and `cork_bytes` gathers 8", Errors(Bytes(8, 0, "abc", "ab"), Rest with { CorkBytes = 8 }));
        Assert.Equal("", Errors(Bytes(1, 100, "abc"), Rest with { CorkBytes = 8 }));
    }

    [Fact]
    public void A_path_leads_to_the_condition_as_it_is_written()
    {
        Predicate past = Number(70, 1, 1);
        Predicate condition = new AllOf([Port(1, 2), new AnyOf([Starts("a"), new AllOf([Starts("b"), new Not(past)])]), new AllOf([past])]);
        RuleFinding[] findings = [.. RuleSetFindings.Of(Rules(new Rule("only", condition, Rest)) with { MaxMessage = 70 })];
        Assert.Equal(["when.any[1].not.u8", "when.all[0].u8"], findings.Select(finding => finding.Path));
        Assert.All(findings, finding => Assert.Same(past, finding.Condition));
    }

    [Fact]
    public void Actions_that_contradict_themselves_are_found()
    {
        Assert.Equal("apply_bytes: it lets go of 4 of the 8 bytes that `cork_bytes` waited for, and the rest waits again", Errors(Always, Pass with { ApplyBytes = 4, CorkBytes = 8 }));
        Assert.Equal("", Errors(Always, Pass with { ApplyBytes = 8, CorkBytes = 8 }));
        Assert.Equal("cork_bytes: no more than 100 bytes are gathered", Errors(Always, Rest with { CorkBytes = 101 }));
        Assert.Equal("push: no more than 100 bytes can be inserted", Errors(Always, Rest with { Push = new PushBytes(0, [.. new byte[101]]) }));
        Assert.Equal(["push", "pop"], Warnings(Always, new RuleAction(RuleVerdict.Drop) { Push = new PushBytes(0, [1]), Pop = new PopBytes(0, 1) }));
        Assert.Equal(["push", "pop"], Warnings(Always, Pass with { ApplyBytes = 4, Push = new PushBytes(5, [1]), Pop = new PopBytes(2, 3) }));
        Assert.Equal([], Warnings(Always, Pass with { ApplyBytes = 4, Push = new PushBytes(4, [1]), Pop = new PopBytes(2, 2) }));
    }

    [Fact]
    public void Otherwise_is_looked_at_as_well()
    {
        RuleFinding finding = Assert.Single(RuleSetFindings.Of(new RuleSet("test", [], Pass with { CorkBytes = 8, ApplyBytes = 4 })));
        Assert.Equal((0, "apply_bytes"), (finding.Rule, finding.Path));
    }

    [Fact]
    public void Framing_makes_messages_whole()
    {
        RuleSet rules = Rules(new Rule("only", Number(0, 1, 1), Pass with { CorkBytes = 8 })) with { Framing = new FixedLength(4) };
        Assert.Equal(["cork_bytes: it has no effect: with framing every message is whole"], RuleSetFindings.Of(rules).Select(Text));
        RuleSet past = Rules(new Rule("only", Number(4, 1, 1), Pass)) with { Framing = new FixedLength(4) };
        Assert.Equal(["when.u8: it looks at byte 5 of a message, and none has more than 4"], RuleSetFindings.Of(past).Select(Text));
    }

    public static TheoryData<Framing, string> WrongFramings => new()
    {
        { new FixedLength(101), "at least 101" },
        { new FixedLength(100), "" },
        { new LengthPrefix(99, LengthFormat.U16, false, 0, false), "at least 101" },
        { new LengthPrefix(98, LengthFormat.U16, false, 0, true), "" },
        { new LengthPrefix(0, LengthFormat.U16, false, 99, false), "at least 101" },
        { new LengthPrefix(0, LengthFormat.U8, false, -255, true), "shorter than" },
        { new LengthPrefix(0, LengthFormat.U8, false, -254, true), "" },
        { new LengthPrefix(0, LengthFormat.U64, false, int.MinValue, true), "" },
        { new LengthPrefix(1, LengthFormat.Varint, false, 0, false), "" },
        { new Delimiter([.. new byte[101]]), "at least 101" },
        { new Delimiter([10]), "" },
    };

    [Theory]
    [MemberData(nameof(WrongFramings))]
    public void Framing_whose_messages_cannot_be_is_an_error(Framing framing, string expected)
    {
        RuleFinding[] findings = [.. RuleSetFindings.Of(Rules() with { Framing = framing, MaxMessage = 100 })];
        Assert.Equal(expected.Length > 0 ? 1 : 0, findings.Length);
        Assert.All(findings, finding => Assert.True(finding is { Rule: -1, Path: "framing", Severity: FindingSeverity.Error } && finding.Message.Contains(expected, StringComparison.Ordinal)));
    }

    [Fact]
    public void What_hangs_on_the_cuts_of_TCP_is_a_warning()
    {
        RuleSet rules = Rules(new Rule("ports", Port(1, 2), Pass), new Rule("bytes", Starts("GET"), Pass), new Rule("more", Starts("PUT"), Pass));
        RuleFinding finding = Assert.Single(RuleSetFindings.Of(rules with { Otherwise = Rest }));
        Assert.Equal((1, FindingSeverity.Warning, "when"), (finding.Rule, finding.Severity, finding.Path));
        Assert.Contains("`bytes` (and 1 more) looks", finding.Message, StringComparison.Ordinal);
        Assert.Empty(RuleSetFindings.Of(rules with { Framing = new Delimiter([10]) }));
        Assert.Empty(RuleSetFindings.Of(rules with { Rules = [.. rules.Rules.Select(rule => rule with { Action = Rest })] }));
        Assert.Empty(RuleSetFindings.Of(rules with { Rules = [.. rules.Rules.Select(rule => rule with { When = new AllOf([rule.When, new NumberTest(Field.StreamOffset, Set(0, 0))]) })] }));
        Assert.Empty(RuleSetFindings.Of(Rules(new Rule("bytes", Starts("GET"), Rest)) with { Otherwise = new RuleAction(RuleVerdict.Reset) }));
    }

    [Fact]
    public void A_length_without_framing_is_a_warning()
    {
        RuleSet rules = Rules(new Rule("long", new NumberTest(Field.MessageLength, Set(1, 9)), Rest));
        RuleFinding finding = Assert.Single(RuleSetFindings.Of(rules));
        Assert.Equal((0, FindingSeverity.Warning, "when.message_length"), (finding.Rule, finding.Severity, finding.Path));
        Assert.Empty(RuleSetFindings.Of(rules with { Framing = new FixedLength(8) }));
    }

    [Fact]
    public void Nesting_too_deep_is_an_error()
    {
        Predicate deep = Starts("a");
        for (int i = 1; i < RuleLimits.Depth; i++)
            deep = new Not(deep);
        Assert.Empty(RuleSetFindings.Of(Rules(new Rule("deep", deep, Rest))));
        Assert.Contains("nested deeper", Assert.Single(RuleSetFindings.Of(Rules(new Rule("deep", new Not(deep), Rest)))).Message, StringComparison.Ordinal);
    }

    private static string Errors(Predicate condition, RuleAction action) => string.Join('|', RuleSetFindings
        .Of(Rules(new Rule("only", condition, action)) with { MaxMessage = 100 })
        .Where(finding => finding.Severity == FindingSeverity.Error)
        .Select(Text));

    private static string[] Warnings(Predicate condition, RuleAction action) =>
        [.. RuleSetFindings.Of(Rules(new Rule("only", condition, action))).Where(finding => finding.Severity == FindingSeverity.Warning).Select(finding => finding.Path)];

    private static string Text(RuleFinding finding) => $"{finding.Path}: {finding.Message}";

    private static RuleSet Rules(params Rule[] rules) => new("test", [.. rules], Rest);

    private static BytesTest Starts(string text, bool ignoresCase = false) => new(0, 0, ignoresCase, [[.. Encoding.ASCII.GetBytes(text)]]);

    private static BytesTest Bytes(int offset, int within, params string[] texts) =>
        new(offset, within, false, [.. texts.Select(text => System.Collections.Immutable.ImmutableArray.Create(Encoding.ASCII.GetBytes(text)))]);

    private static NumberTest Port(ulong first, ulong last, params ulong[] more) =>
        new(Field.LocalPort, more is [var from, var to] ? new NumberSet([new(first, last), new(from, to)]) : Set(first, last));

    private static AddressTest Remote(string prefix) => new(Field.RemoteAddress, new PrefixSet([IPNetwork.Parse(prefix)]));

    private static BytesAsNumberTest Number(int offset, ulong first, ulong last) => new(offset, 1, false, 0xFF, Set(first, last));

    private static NameTest Sni(params string[] patterns) => new(Field.Sni, [.. patterns]);

    private static NumberSet Set(ulong first, ulong last) => new([new(first, last)]);
}
