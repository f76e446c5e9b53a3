using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Model;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>sk_skb programs on p1, with and without a parser.</summary>
public sealed class SkbTests
{
    private static readonly Dictionary<string, ProgramSpec> Programs = new()
    {
        ["pass"] = ProgramSpec.Pass,
        ["drop"] = ProgramSpec.Drop,
        ["redirect"] = ProgramSpec.Redirect(End.C2),
        ["redirect ingress"] = ProgramSpec.Redirect(End.P2, ingress: true),
    };

    public static TheoryData<string, bool, int, int> Rows
    {
        get
        {
            var rows = new TheoryData<string, bool, int, int>();
            foreach (string name in Programs.Keys)
            {
                foreach ((int count, int size) in Traffic.All.Prepend((1, 100)))
                {
                    rows.Add(name, false, count, size);
                    rows.Add(name, true, count, size);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Matrix(string name, bool withParser, int count, int size) => EngineUnderTest.Verdicts.RunAsync(async t =>
    {
        IProgramUnderTest program = withParser
            ? t.Attach(End.P1, AttachType.SkSkbStreamVerdict, Programs[name], new ParserSpec(size))
            : t.Attach(End.P1, AttachType.SkSkbVerdict, Programs[name]);
        t.Start();
        (byte[] atP1, byte[] atP2) = await t.CollectAsync(c1 => c1.SendAsync(count, size));

        byte[] all = Traffic.Whole(count, size);
        Assert.Equal(name == "pass" ? all : [], atP1);
        Assert.Equal(name.StartsWith("redirect", StringComparison.Ordinal) ? all : [], atP2);
        Assert.Equal(
            name switch
            {
                "pass" => new Counts(Passed: all.Length),
                "drop" => new Counts(Dropped: all.Length),
                _ => new Counts(Redirected: all.Length),
            },
            t[End.P1].Arrived);
        if (withParser)
            Assert.Equal(count, program.Runs);
        else
            Assert.InRange(program.Runs, 1, all.Length);
    });

    [Theory]
    [InlineData(512, 2, 256)]
    [InlineData(10, 1, 20)]
    [InlineData(1, 1, 5)]
    [InlineData(7, 100, 5)]
    public Task An_ingress_parser_delivers_each_byte_once(int length, int count, int size) => EngineUnderTest.Verdicts.RunAsync(async t =>
    {
        IProgramUnderTest program = t.Attach(End.P1, AttachType.SkSkbStreamVerdict, ProgramSpec.Pass, new ParserSpec(length));
        t.Start();
        (byte[] atP1, byte[] atP2) = await t.CollectAsync(c1 => c1.SendAsync(count, size));

        // What is left of a message at the end of the stream is one more.
        bool flushes = EngineUnderTest.Verdicts.Traits.FlushesAtEnd;
        int messages = (count * size / length) + (flushes && count * size % length > 0 ? 1 : 0);
        int whole = flushes ? count * size : messages * length;
        Assert.Equal(Traffic.Content(0, whole), atP1);
        Assert.Empty(atP2);
        Assert.Equal(messages, program.Runs);
        Assert.Equal(new Counts(Passed: whole), t[End.P1].Arrived);
    });
}
