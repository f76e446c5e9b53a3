using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Conditions;

/// <summary>The rows <c>starts_with</c>, <c>bytes</c> and <c>contains</c>: byte strings in the message.</summary>
internal static class BytesConditions
{
    /// <summary>How far <c>contains</c> looks when it is not told: so much is gathered before it can say no.</summary>
    private const int DefaultWithin = 1024;

    private static readonly Key<BytesTest, int> At = new("at", Offsets.InMessage, t => t.Offset)
    {
        Summary = "How many bytes of the message stand before it.",
        Example = "4",
    };

    private static readonly Key<BytesTest, int> From = new("from", Offsets.InMessage, t => t.Offset)
    {
        Summary = "The first place where it may begin.",
        Example = "4",
        Default = 0,
    };

    private static readonly Key<BytesTest, int> Within = new("within", Offsets.OfMessage, t => t.Within)
    {
        Summary = "How many bytes behind `from` it may begin at most.",
        Example = "4KiB",
        Default = DefaultWithin,
    };

    /// <summary>The three rows.</summary>
    public static IReadOnlyList<Condition> Rows { get; } =
    [
        Row("starts_with", OrText(BytesSection.Of([], _ => (0, 0)), within: 0), t => t is { Offset: 0, Within: 0 }, "[\"GET \", \"HEAD \"]",
            "The message begins with these bytes; a list: with any of them."),
        Row("bytes", BytesSection.Of([At], v => (v.Of(At), 0)), t => t.Within == 0, "{ at: 4, text: \"abc\" }",
            "These bytes stand at a place of the message; a list: any of them."),
        Row("contains", OrText(BytesSection.Of([From, Within], v => (v.Of(From), v.Of(Within))), DefaultWithin), t => t.Within > 0, "{ text: \"Host: \", within: 4KiB }",
            $"These bytes stand somewhere in the message; a list: any of them. A text alone begins within the first {DefaultWithin} bytes."),
    ];

    private static Condition Row(string name, YamlType<BytesTest> one, Func<BytesTest, bool> isMine, string example, string summary)
    {
        var noted = new NotedType<BytesTest>(one, (test, at) => at.Context.Places.Add(test, at));
        return new Condition(
            name,
            new MappedType<ImmutableArray<BytesTest>, Predicate>(
                new ListType<BytesTest>(noted, "texts", orOne: true), Join, p => p is AnyOf any ? [.. any.Parts.Cast<BytesTest>()] : [(BytesTest)p]),
            p => (p is BytesTest test && isMine(test)) || (p is AnyOf any && IsList(any, isMine)))
        { Summary = summary, Example = example };
    }

    private static ShorthandType<ImmutableArray<byte>, BytesTest> OrText(Section<BytesTest> section, int within) => new(
        Offsets.Text, section, text => new BytesTest(0, within, IgnoresCase: false, [text]),
        (BytesTest test, out ImmutableArray<byte> text) =>
        {
            text = test.Values[0];
            return test is { Offset: 0, IgnoresCase: false, Values.Length: 1 } && test.Within == within && OctetTextType.IsText(text);
        });

    /// <summary>Neighbours that differ in their bytes only are one test, so that a long list is looked up and not gone through.</summary>
    private static Predicate Join(ImmutableArray<BytesTest> tests)
    {
        var joined = new List<Predicate>();
        foreach (BytesTest test in tests)
        {
            if (joined.Count > 0 && joined[^1] is BytesTest last && AreOne(last, test)) joined[^1] = last with { Values = [.. last.Values, .. test.Values] };
            else joined.Add(test);
        }
        return joined is [var only] ? only : new AnyOf([.. joined]);
    }

    private static bool AreOne(BytesTest a, BytesTest b) => a with { Values = b.Values } == b;

    /// <summary>Whether a list under this key would be read as exactly these alternatives.</summary>
    private static bool IsList(AnyOf any, Func<BytesTest, bool> isMine) =>
        any.Parts.Length > 1 && any.Parts.All(part => part is BytesTest test && isMine(test))
        && !any.Parts.Zip(any.Parts.Skip(1)).Any(pair => AreOne((BytesTest)pair.First, (BytesTest)pair.Second));
}
