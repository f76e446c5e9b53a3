using System.Buffers;
using System.Text;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation;

public sealed class ManagedBackendTests
{
    private const int MostHeld = 64;

    private static readonly RuleAction Pass = new(RuleVerdict.Pass);
    private static readonly Predicate Always = new AllOf([]);

    private readonly Heard _heard = new();

    [Fact]
    public void Each_verdict_does_what_it_is_called()
    {
        Assert.Equal(["Pass abc"], Judge(Pass, "abc"));
        Assert.Equal(["Drop abc"], Judge(new RuleAction(RuleVerdict.Drop), "abc"));
        Assert.Equal(["Reset abc"], Judge(new RuleAction(RuleVerdict.Reset), "abc"));
        Assert.Equal(["Redirect abc"], Judge(new RuleAction(RuleVerdict.Redirect) { Cluster = "there" }, "abc"));
    }

    [Fact]
    public void A_redirect_names_the_socket_of_its_cluster_and_its_flags()
    {
        VerdictMachine machine = Machine(new RuleAction(RuleVerdict.Redirect) { Cluster = "there", Ingress = true });
        machine.Offer("abc"u8.ToArray());
        Assert.True(machine.Next(out Segment segment));
        Assert.Same(Clusters.There, segment.Decision.Socket);
        Assert.Equal(RedirectFlags.Ingress, segment.Decision.Flags);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_redirect_that_finds_nothing_has_failed_and_changes_no_byte(bool hasMap)
    {
        var action = new RuleAction(RuleVerdict.Redirect) { Cluster = "nowhere", ApplyBytes = 2, Pop = new PopBytes(0, 1), Push = new PushBytes(0, [1]) };
        VerdictMachine machine = Machine(action, hasMap: hasMap);
        machine.Offer("abc"u8.ToArray());
        Assert.True(machine.Next(out Segment segment));
        Assert.Equal(("ab", DecisionKind.Drop, true), (Text(segment), segment.Decision.Kind, segment.Decision.RedirectFailed));
    }

    [Theory]
    [InlineData(0, 0, "abcdef", "Pass abcdef")]
    [InlineData(4, 0, "abcdef", "Pass abcd|Pass ef")]
    [InlineData(RuleAction.RestOfStream, 0, "abcdef", "Pass abcdef")]
    public void A_decision_stands_for_its_window(int apply, int cork, string message, string expected) =>
        Assert.Equal(expected.Split('|'), Judge(Pass with { ApplyBytes = apply, CorkBytes = cork }, message));

    [Fact]
    public void An_explicit_cork_gathers_and_is_counted_once()
    {
        VerdictMachine machine = Machine(Pass with { CorkBytes = 5, Push = new PushBytes(0, [.. ">"u8]) });
        Assert.Empty(Judge(machine, "ab"));
        Assert.Empty(Judge(machine, "c"));
        Assert.Equal([], _heard.Rules);
        Assert.Equal(["Pass >abcde"], Judge(machine, "de"));
        Assert.Equal([0], _heard.Rules);
        Assert.Empty(Judge(machine, "f"));
        machine.End();
        Assert.Equal(["Pass >f"], Drain(machine));
        Assert.Equal([0, 0], _heard.Rules);
    }

    [Fact]
    public void Rules_wait_by_themselves_and_shadows_are_heard_once()
    {
        var plan = new RuleSet(
            "test",
            [
                new Rule("shadow", Starts("GE"), Pass, IsShadow: true),
                new Rule("silent", Starts("GETTER"), Pass, IsShadow: true),
                new Rule("get", Starts("GET "), new RuleAction(RuleVerdict.Drop)),
                new Rule("behind", Always, Pass, IsShadow: true),
            ],
            Pass);
        VerdictMachine machine = Machine(plan);
        foreach (string piece in new[] { "G", "E", "T" })
            Assert.Empty(Judge(machine, piece));
        Assert.Empty(_heard.Rules);
        Assert.Equal(["Drop GET "], Judge(machine, " "));
        Assert.Equal([0, 2], _heard.Rules);
        Assert.Equal(["Pass GEX"], Judge(machine, "GEX"));
        Assert.Equal([0, 2, 0, 3, 4], _heard.Rules);
        Assert.All(_heard.Programs, program => Assert.Equal(plan, Assert.IsType<ManagedBackend>(program).Plan.Rules));
    }

    [Theory]
    // Taken out, put in, both: as far as the message goes.
    [InlineData(1, 2, -1, "", 0, "abcdef", "Pass adef")]
    [InlineData(4, 9, -1, "", 0, "abcdef", "Pass abcd")]
    [InlineData(9, 1, -1, "", 0, "abcdef", "Pass abcdef")]
    [InlineData(0, 9, -1, "", 0, "abcdef", "")]
    [InlineData(0, 0, 2, "XY", 0, "abcdef", "Pass abXYcdef")]
    [InlineData(0, 0, 99, "XY", 0, "abcdef", "Pass abcdefXY")]
    [InlineData(0, 3, 0, "XY", 0, "abcdef", "Pass XYdef")]
    [InlineData(0, 9, 5, "XY", 0, "abcdef", "Pass XY")]
    // Inside a window of 3, which counts bytes as they came; then the rule is asked again.
    [InlineData(0, 0, 0, "XY", 3, "abcdef", "Pass XYabc|Pass XYdef")]
    [InlineData(0, 0, 0, "XYZ!", 3, "abcdef", "Pass XYZ!abc|Pass XYZ!def")]
    [InlineData(0, 0, 99, "XY", 3, "abcdef", "Pass abcXY|Pass defXY")]
    [InlineData(1, 1, -1, "", 3, "abcdef", "Pass ac|Pass df")]
    [InlineData(2, 5, -1, "", 3, "abcdef", "Pass ab|Pass de")]
    [InlineData(0, 3, -1, "", 3, "abcdef", "Drop abc|Drop def")]
    [InlineData(0, 3, 0, "XY", 3, "abcdef", "Pass XY|Pass XY")]
    [InlineData(5, 1, 0, "XY", 3, "abcdef", "Pass XYabc|Pass XYdef")]
    // A window longer than the message: the rest of it stands for what comes, unchanged.
    [InlineData(0, 2, 0, "X", 8, "abcdef", "Pass Xcdef")]
    [InlineData(0, 1, 0, "X", RuleAction.RestOfStream, "abcdef", "Pass Xbcdef")]
    public void Edits_stay_inside_what_the_decision_stands_for(int popAt, int pop, int pushAt, string push, int apply, string message, string expected)
    {
        RuleAction action = Pass with
        {
            Pop = pop == 0 ? null : new PopBytes(popAt, pop),
            Push = pushAt < 0 ? null : new PushBytes(pushAt, [.. Encoding.ASCII.GetBytes(push)]),
            ApplyBytes = apply,
        };
        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries), Judge(action, message));
    }

    [Theory]
    [InlineData(8, "Pass gh|Pass ABCDEF")]
    [InlineData(RuleAction.RestOfStream, "Pass ghABCDEF")]
    public void A_message_that_is_taken_out_whole_leaves_the_rest_of_its_window(int apply, string expected)
    {
        VerdictMachine machine = Machine(new RuleSet(
            "test", [new Rule("first", new NumberTest(Field.StreamOffset, new NumberSet([new(0, 0)])), Pass with { Pop = new PopBytes(0, 6), ApplyBytes = apply })], Pass));
        Assert.Empty(Judge(machine, "abcdef"));
        Assert.Equal(expected.Split('|'), Judge(machine, "ghABCDEF"));
        Assert.Equal(apply == 8 ? [0, 1] : [0], _heard.Rules);
    }

    [Fact]
    public void What_cannot_be_inserted_ends_the_connection() =>
        Assert.Equal(["Reset abc"], Judge(Pass with { Push = new PushBytes(0, [.. new byte[MostHeld + 1]]) }, "abc"));

    [Fact]
    public void A_framed_message_is_whole()
    {
        RuleSet rules = new("test", [new Rule("long", Starts("abcdef"), new RuleAction(RuleVerdict.Drop))], Pass with { CorkBytes = 30 });
        Assert.Equal(["Pass abc"], Judge(Machine(rules with { Framing = new FixedLength(3) }), "abc"));
        Assert.Empty(Judge(Machine(rules), "abc"));
    }

    [Fact]
    public void Nothing_is_allocated_for_a_message()
    {
        RuleSet rules = new(
            "test",
            [
                new Rule("sni", new NameTest(Field.Sni, ["*.example.com"]), Pass with { ApplyBytes = 700 }),
                new Rule("shadow", new NumberTest(Field.MessageLength, new NumberSet([new(1, 9), new(20, 900)])), Pass, IsShadow: true),
                new Rule("address", new AddressTest(Field.RemoteAddress, new PrefixSet([System.Net.IPNetwork.Parse("10.0.0.0/8")])), Pass),
                new Rule("search", new BytesTest(0, 512, true, [[.. "FLUSHALL"u8]]), new RuleAction(RuleVerdict.Drop)),
                new Rule("number", new BytesAsNumberTest(0, 4, false, uint.MaxValue, new NumberSet([new(1, 1), new(5, 5)])), Pass),
            ],
            Pass);
        VerdictMachine machine = Machine(rules, observer: new Deaf());
        byte[][] messages = [new byte[512], Hello.Of("www.example.com", "h2"), Encoding.ASCII.GetBytes(new string('x', 100) + "flushall")];
        long Step()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                foreach (byte[] message in messages)
                {
                    machine.Offer(message);
                    while (machine.Next(out _))
                    {
                    }
                }
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Step();
        Assert.Equal(0, Step());
    }

    private List<string> Judge(RuleAction action, string message) => Judge(Machine(action), message);

    private VerdictMachine Machine(RuleAction action, bool hasMap = true) => Machine(new RuleSet("test", [new Rule("only", Always, action)], Pass), hasMap);

    private VerdictMachine Machine(RuleSet rules, bool hasMap = true, IVerdictObserver? observer = null) => new(
        new ManagedBackend(VerdictPlan.Compile(rules), Clusters.IndexOf),
        new MessageContext(MessageDirection.Ingress) { Clusters = hasMap ? new Clusters() : null, Observer = observer ?? _heard },
        MostHeld,
        ArrayPool<byte>.Shared);

    private static BytesTest Starts(string text) => new(0, 0, false, [[.. Encoding.ASCII.GetBytes(text)]]);

    private static List<string> Judge(VerdictMachine machine, string message)
    {
        machine.Offer(Encoding.ASCII.GetBytes(message));
        return Drain(machine);
    }

    private static List<string> Drain(VerdictMachine machine)
    {
        List<string> segments = [];
        while (machine.Next(out Segment segment))
            segments.Add($"{segment.Decision.Kind} {Text(segment)}");
        return segments;
    }

    private static string Text(Segment segment) => Encoding.ASCII.GetString(segment.Bytes.Span);

    private sealed class Deaf : IVerdictObserver
    {
        public void OnRule(IVerdictProgram program, int rule)
        {
        }
    }
}
