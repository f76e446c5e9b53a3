using System.Net;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

public sealed class BpfBackendTests
{
    private static readonly RuleAction Pass = new(RuleVerdict.Pass);
    private static readonly Predicate Always = new AllOf([]);

    [Fact]
    public void What_the_kernel_has_is_not_refused() => Refuses(
        new RuleSet(
            "plain",
            [
                new Rule("numbers", new BytesAsNumberTest(3, 4, false, uint.MaxValue, Set(1)), new RuleAction(RuleVerdict.Drop)),
                new Rule("bytes", new Not(new BytesTest(0, 0, true, [[.. "GET "u8]])), Pass with { ApplyBytes = RuleAction.RestOfStream }),
                new Rule("socket", new AllOf([new NumberTest(Field.StreamOffset, Set(0)), new AddressTest(Field.LocalAddress, Prefixes(100))]), Pass),
                new Rule("shadow", new BytesTest(5, 0, false, [[1]]), new RuleAction(RuleVerdict.Reset), IsShadow: true),
            ],
            Pass));

    [Fact]
    public void All_that_it_has_not_is_refused_at_once() => Refuses(
        new RuleSet(
            "much",
            [
                new Rule("search", new AnyOf([new BytesTest(0, 9, false, [[1]]), new NameTest(Field.Sni, ["a.b"]), new NameTest(Field.Alpn, ["h2"])]), Pass),
                new Rule("far", new BytesTest(1 << 20, 0, false, [[1]]), Pass),
                new Rule("wide", new BytesTest(0, 0, false, [[.. new byte[300]]]), Pass),
                new Rule("many", new NumberTest(Field.LocalPort, new NumberSet(Enumerable.Range(0, 300).Select(i => new NumberRange((ulong)i * 2, (ulong)i * 2)))), Pass),
                new Rule("most", new AddressTest(Field.RemoteAddress, Prefixes(65_537)), Pass),
                new Rule("gone", Always, new RuleAction(RuleVerdict.Reset)),
                new Rule("away", Always, new RuleAction(RuleVerdict.Redirect) { Cluster = "other" }),
                new Rule("more", Always, Pass with { Push = new PushBytes(0, [1]) }),
                new Rule("less", Always, Pass with { Pop = new PopBytes(0, 1) }),
            ],
            new RuleAction(RuleVerdict.Reset)) { Framing = new Delimiter([10]) },
        "rule search: starts_with: the kernel does not search",
        "rule search: sni: the kernel does not read a ClientHello",
        "rule search: alpn: the kernel does not read a ClientHello",
        "rule far: starts_with: it reads beyond max_message, 65536 bytes",
        "rule wide: starts_with: together with the tests before it, it reads more than 31 blocks of 8 bytes",
        "rule many: local_port: more than 256 ranges of numbers",
        "rule most: remote_address: more than 65536 prefixes",
        "rule gone: no program of the kernel resets a connection",
        "rule away: the connection to another cluster is made and kept by the managed engine",
        "rule more: push: a program for what arrives (sk_skb) inserts nothing",
        "rule less: pop: a program for what arrives (sk_skb) removes nothing",
        "rule otherwise: no program of the kernel resets a connection",
        "program: framing: the kernel does not search for a delimiter",
        "program: there is no message on which the kernel could decide");

    [Fact]
    public void A_drop_of_sk_msg_is_of_whole_messages() => Assert.Equal(
        "rule drop: apply_bytes: where its window of 9 B ends inside a message, as one that is dropped is taken out whole",
        Assert.Single(Compile(new RuleSet("drop", [new Rule("drop", Always, new RuleAction(RuleVerdict.Drop) { ApplyBytes = 9 })], Pass), BpfProgramKind.SkMsg).Refusals).ToString());

    [Fact]
    public void What_an_action_asks_for_beyond_a_message_is_refused_for_the_messages_it_matters_for()
    {
        RuleSet rules = new(
            "limits",
            [
                new Rule("window", Always, Pass with { ApplyBytes = 9 }),
                new Rule("rest", Always, Pass with { ApplyBytes = RuleAction.RestOfStream }),
                new Rule("corked", Always, Pass with { CorkBytes = 20 }),
                new Rule("more", Always, Pass with { Push = new PushBytes(0, [1]) }),
                new Rule("less", Always, Pass with { Pop = new PopBytes(0, 7) }),
                new Rule("some", Always, Pass with { Pop = new PopBytes(1, 7) }),
                new Rule("both", Always, Pass with { Pop = new PopBytes(0, 7), Push = new PushBytes(0, [1]) }),
            ],
            Pass);
        const string Corked = "rule corked: cork_bytes: where fewer than 20 B are at hand, as the kernel loses what it corks when the stream ends";
        Assert.Equal(
            [
                "rule window: apply_bytes: where its window of 9 B ends inside a segment, as there is no verdict for a part of one (sk_skb)",
                Corked,
                "rule more: push: a program for what arrives (sk_skb) inserts nothing",
                "rule less: pop: a program for what arrives (sk_skb) removes nothing",
                "rule some: pop: a program for what arrives (sk_skb) removes nothing",
                "rule both: push: a program for what arrives (sk_skb) inserts nothing",
            ],
            Compile(rules).Refusals.Select(refusal => refusal.ToString()));
        Assert.Equal(
            [Corked, "rule less: pop: where no more than 7 B are there, as nothing would be left to redirect"],
            Compile(rules, BpfProgramKind.SkMsg).Refusals.Select(refusal => refusal.ToString()));
    }

    [Fact]
    public void Of_framing_it_has_what_comes_as_one_message()
    {
        RuleSet rules = new("framed", [new Rule("window", Always, Pass with { ApplyBytes = 9, CorkBytes = 20 })], Pass) { Framing = new FixedLength(64) };
        string[] some = ["framing: where not exactly one message arrives at once, as the kernel has one verdict for all that does", "rule window: apply_bytes: where its window of 9 B ends inside a message, as a message with framing is judged as one"];
        foreach (BpfProgramKind kind in Enum.GetValues<BpfProgramKind>())
        {
            Assert.Equal(some, Compile(rules, kind).Refusals.Select(refusal => refusal.ToString()));
            Assert.Equal(some, Compile(rules with { Framing = new LengthPrefix(2, LengthFormat.Varint, false, 0, false) }, kind).Refusals.Select(refusal => refusal.ToString()));
        }

        Assert.Contains("framing: the length stands beyond max_message", Compile(rules with { Framing = new LengthPrefix(int.MaxValue - 20, LengthFormat.U64, false, 0, false) }).Refusals.Select(refusal => refusal.ToString()));
    }

    [Fact]
    public void A_shadow_rule_that_the_kernel_cannot_test_keeps_the_program_out() => Refuses(
        new RuleSet("shadow", [new Rule("search", new BytesTest(0, 9, false, [[1]]), Pass, IsShadow: true)], Pass),
        "program: rule search: starts_with: the kernel does not search");

    [Fact]
    public void A_program_that_it_could_not_decide_on_stays_out()
    {
        var search = new BytesTest(0, 9, false, [[1]]);
        var port = new NumberTest(Field.LocalPort, Set(80));
        string[] nothing = ["rule r: starts_with: the kernel does not search", "program: there is no message on which the kernel could decide"];
        Refuses(new RuleSet("unknown", [new Rule("r", search, Pass)], Pass), nothing);
        Refuses(new RuleSet("never false", [new Rule("r", new AllOf([Always, search]), Pass)], Pass), nothing);
        Refuses(new RuleSet("false for others", [new Rule("r", new AllOf([port, search]), Pass)], Pass), nothing[0]);
        Refuses(new RuleSet("true for others", [new Rule("r", new AnyOf([port, search]), Pass)], Pass), nothing[0]);
    }

    [Fact]
    public void A_program_of_too_many_instructions_stays_out()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 2000).Select(_ => System.Collections.Immutable.ImmutableArray.Create(BitConverter.GetBytes(random.NextInt64())));
        BpfCompilation compiled = Compile(new RuleSet("long", [new Rule("r", new BytesTest(0, 0, false, [.. values]), Pass)], Pass));
        OffloadRefusal refusal = Assert.Single(compiled.Refusals);
        Assert.Equal(OffloadScope.Program, refusal.Scope);
        Assert.EndsWith($"instructions, more than {BpfBackend.MostInstructions}", refusal.Reason, StringComparison.Ordinal);
        Assert.Null(compiled.Plan);
    }

    [Fact]
    public void Large_sets_of_addresses_are_maps_with_the_prefixes_as_keys()
    {
        var set = new PrefixSet([.. Enumerable.Range(0, 70).Select(i => IPNetwork.Parse($"10.0.{i}.0/24")), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("::/0")]);
        Assert.Empty(Tries(set)); // one that has all others in it

        set = new PrefixSet([.. Enumerable.Range(0, 70).Select(i => IPNetwork.Parse($"10.0.{2 * i}.0/24")), IPNetwork.Parse("2001:db8::/32")]);
        AddressTrie trie = Assert.Single(Tries(set));
        Assert.Equal(71, trie.Keys.Length);
        Assert.Equal("plain from_client addresses 0", trie.Map.Name);
        // A little-endian length, then the address; IPv4 is ::ffff:0:0/96.
        Assert.Equal("7800000000000000000000000000FFFF0A000000", Convert.ToHexString(trie.Keys[0].AsSpan()));
        Assert.Equal("2000000020010DB8000000000000000000000000", Convert.ToHexString(trie.Keys[^1].AsSpan()));
    }

    [Fact]
    public void A_plan_reads_well()
    {
        var rules = new RuleSet(
            "methods",
            [new Rule("get", new AllOf([new BytesTest(0, 0, false, [[.. "GET "u8]]), new NumberTest(Field.StreamOffset, Set(0))]), Pass with { ApplyBytes = RuleAction.RestOfStream })],
            new RuleAction(RuleVerdict.Drop));
        string listing = PlanProgram.Of(Compile(rules).Plan!, BpfProgramKind.SkSkb).Listing;
        Assert.Contains(
            """
                   ; rule get
               44: r1 = *(u64 *)(r10 -504)
               45: if r1 == 0 goto next_part
               46: goto next_rule
            next_part:
               47: r5 = *(u32 *)(r6 +0)
               48: if r5 < 1 goto hand_over
               49: r5 = *(u32 *)(r6 +0)
               50: if r5 < 4 goto part
               51: r1 = *(u32 *)(r10 -456)
               52: if r1 != 542393671 goto next_rule
               53: goto decided_0
            part:
            """,
            listing,
            StringComparison.Ordinal);
    }

    private static System.Collections.Immutable.ImmutableArray<AddressTrie> Tries(PrefixSet set) =>
        Compile(new RuleSet("plain", [new Rule("r", new AddressTest(Field.RemoteAddress, set), Pass)], Pass)).Plan!.AddressTries;

    private static void Refuses(RuleSet rules, params string[] refusals)
    {
        BpfCompilation compiled = Compile(rules);
        Assert.Equal(
            refusals.Order(StringComparer.Ordinal),
            compiled.Refusals.Select(refusal => (refusal.Scope == OffloadScope.Program ? "program: " : "") + refusal).Order(StringComparer.Ordinal));
        Assert.Equal(Array.Exists(refusals, refusal => refusal.StartsWith("program: ", StringComparison.Ordinal)), compiled.Plan is null);
    }

    private static BpfCompilation Compile(RuleSet rules, BpfProgramKind kind = BpfProgramKind.SkSkb) =>
        BpfBackend.Compile(VerdictPlan.Compile(rules), kind, Direction.FromClient);

    private static NumberSet Set(ulong number) => new([new NumberRange(number, number)]);

    private static PrefixSet Prefixes(int count) => new(Enumerable.Range(0, count).Select(i => new IPNetwork(new IPAddress([10, (byte)(i >> 15), (byte)(i >> 7), (byte)(i << 1)]), 32)));
}
