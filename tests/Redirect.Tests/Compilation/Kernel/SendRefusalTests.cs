using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>Which programs may judge where applications send, and why others may not.</summary>
public sealed class SendRefusalTests
{
    private const string Cuts = "without framing, what it sees depends on how the stream was cut";
    private const string Begins = "without framing, where a message begins depends on how the stream was cut";
    private const string Redirects = "redirect: other sockets send to the same receiver then, and the order of all is the proxy's to keep";

    private static readonly RuleAction Pass = new(RuleVerdict.Pass);
    private static readonly RuleAction Drop = new(RuleVerdict.Drop);
    private static readonly BytesTest Bytes = new(0, 0, false, [[.. "GET"u8]]);
    private static readonly NumberTest AtFirst = new(Field.StreamOffset, Numbers(0, 0));
    private static readonly Framing Framed = new LengthPrefix(0, LengthFormat.U16, false, 0, false);

    public static TheoryData<string, RuleSet> Refused => new()
    {
        { $"rule r: starts_with: {Cuts}", Of(Bytes, Drop) },
        { $"rule r: u8: {Cuts}", Of(new BytesAsNumberTest(0, 1, false, 0xff, Numbers(1, 2)), Pass) },
        { $"rule r: message_length: {Cuts}", Of(new NumberTest(Field.MessageLength, Numbers(0, 9)), Pass) },
        { $"rule r: stream_offset: {Cuts}", Of(new NumberTest(Field.StreamOffset, Numbers(5, 9)), Pass) },
        { $"rule r: starts_with: {Cuts}", Of(new AnyOf([AtFirst, Bytes]), Pass) },
        { $"rule r: starts_with: {Cuts}", Of(new AllOf([new Not(AtFirst), Bytes]), Pass) },
        { $"rule r: push: {Begins}", Of(new AllOf([]), Pass with { Push = new PushBytes(0, [1]) }) },
        { $"rule r: pop: {Begins}", Of(new AllOf([]), Pass with { Pop = new PopBytes(0, 1) }) },
        { $"rule otherwise: pop: {Begins}", new RuleSet("p", [], Pass with { Pop = new PopBytes(0, 1) }) },
        { $"rule r: {Redirects}", Of(new AllOf([AtFirst, Bytes]), new RuleAction(RuleVerdict.Redirect) { Cluster = "other" }) },
        { $"rule r: {Redirects}", Of(Bytes, new RuleAction(RuleVerdict.Redirect) { Cluster = "other" }) with { Framing = Framed } },
        {
            "rule r: remote_port: at the application's own socket the addresses are not those of the proxy's",
            Of(new NumberTest(Field.RemotePort, Numbers(1, 2)), Pass) with { Framing = Framed }
        },
        {
            "rule r: family: at the application's own socket the addresses are not those of the proxy's",
            Of(new NumberTest(Field.Family, Numbers(4, 4)), Pass) with { Framing = Framed }
        },
    };

    public static TheoryData<RuleSet> Taken =>
    [
        new RuleSet("pass", [], Pass),
        new RuleSet("drop", [], Drop with { ApplyBytes = 10 }),
        Of(new AllOf([AtFirst, Bytes]), Drop),
        Of(new AllOf([AtFirst, Bytes]), Pass with { Push = new PushBytes(0, [1]) }),
        Of(new AllOf([AtFirst, Bytes]), new RuleAction(RuleVerdict.Reset)),
        Of(new NumberTest(Field.Direction, Numbers(0, 0)), Drop),
        Of(Bytes, Drop) with { Framing = Framed },
        Of(Bytes, Pass with { Push = new PushBytes(0, [1]), Pop = new PopBytes(0, 1) }) with { Framing = new FixedLength(10) },
        Of(new NumberTest(Field.MessageLength, Numbers(0, 9)), Drop) with { Framing = Framed },
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_program_that_depends_on_more_than_its_stream_is_refused(string reason, RuleSet rules)
    {
        BpfCompilation compiled = BpfBackend.CompileForSends(VerdictPlan.Compile(rules), Direction.FromClient);
        Assert.Null(compiled.Plan);
        OffloadRefusal refusal = Assert.Single(compiled.Refusals, refusal => refusal.Scope == OffloadScope.Program);
        string word = FieldTable.Row(Field.Bytes).Words[0], number = FieldTable.Row(Field.Number).Words[0];
        Assert.Equal(reason.Replace("starts_with:", $"{word}:", StringComparison.Ordinal).Replace("u8:", $"{number}:", StringComparison.Ordinal), refusal.ToString());
    }

    [Theory]
    [MemberData(nameof(Taken))]
    public void One_that_depends_on_its_stream_alone_is_not(RuleSet rules) =>
        Assert.NotNull(BpfBackend.CompileForSends(VerdictPlan.Compile(rules), Direction.FromClient).Plan);

    private static RuleSet Of(Predicate when, RuleAction action) => new("p", [new Rule("r", when, action)], Pass);

    private static NumberSet Numbers(ulong first, ulong last) => new([new NumberRange(first, last)]);
}
