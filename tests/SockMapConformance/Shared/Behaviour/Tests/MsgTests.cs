using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Model;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>sk_msg programs on c1: the reference model says what has to arrive, and after how many runs.</summary>
public sealed class MsgTests
{
    // More than any message that is not to be judged as a part.
    private const int MostCorked = 64 * 1024;

    private static IVerdictEngine Engine => EngineUnderTest.Verdicts;

    [Theory]
    [MemberData(nameof(MsgMatrix.Rows), MemberType = typeof(MsgMatrix))]
    internal Task Matrix(string name, int count, int size) => Engine.RunAsync(async t =>
    {
        ProgramSpec spec = MsgMatrix.Cases[name].Program;
        ReferenceModel model = Model(spec, count, size);
        IProgramUnderTest program = t.Attach(End.C1, AttachType.SkMsgVerdict, spec);
        t.Start();
        (byte[] atP1, byte[] atP2) = await t.CollectAsync(c1 => c1.SendAsync(count, size));

        byte[] expected = [.. model.Out.Select(o => o.Byte)];
        bool passes = spec.Outcome == Outcome.Pass;
        byte[] arrived = passes ? atP1 : atP2;
        if (!Engine.Traits.InsertsZeros)
            Blank(arrived, expected);
        Assert.Equal(expected, arrived);
        Assert.Empty(passes ? atP2 : atP1);
        Assert.Equal(passes ? new Counts(Passed: expected.Length) : new Counts(Redirected: expected.Length), t[End.C1].Sent);
        Assert.Equal(model.Runs.Count, program.Runs);
        Assert.Equal(model.Refused, program.Refused);
    });

    public static TheoryData<int, int> AllTraffic
    {
        get
        {
            var rows = new TheoryData<int, int>();
            foreach ((int count, int size) in Traffic.All)
                rows.Add(count, size);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(AllTraffic))]
    public Task Drop_fails_every_send(int count, int size) => Engine.RunAsync(async t =>
    {
        IProgramUnderTest program = t.Attach(End.C1, AttachType.SkMsgVerdict, ProgramSpec.Drop);
        t.Start();
        (byte[] atP1, byte[] atP2) = await t.CollectAsync(async c1 =>
        {
            foreach (byte[] message in Traffic.Messages(count, size))
                Assert.Equal(-(int)Errno.EACCES, await c1.SendAsync(message));
        });
        Assert.Empty(atP1);
        Assert.Empty(atP2);
        Assert.Equal(Engine.Traits.DropIsSticky ? 1 : count, program.Runs);
        Assert.Equal(new Counts(Dropped: Engine.Traits.DropIsSticky ? size : (long)count * size), t[End.C1].Sent);
    });

    [Fact]
    public Task Drop_with_apply_3_of_10_bytes_is_for_those_3() => Engine.RunAsync(async t =>
    {
        byte[] message = Traffic.Content(0, 10);
        IProgramUnderTest program = t.Attach(End.C1, AttachType.SkMsgVerdict, ProgramSpec.Drop with
        {
            Apply = 3,
            When = new Condition(Field.FirstByte, message[0]),
        });
        t.Start();
        (byte[] atP1, _) = await t.CollectAsync(async c1 => Assert.Equal(7, await c1.SendAsync(message)));
        Assert.Equal(Engine.Traits.DropIsSticky ? [] : message[3..], atP1);
        Assert.Equal(Engine.Traits.DropIsSticky ? 1 : 2, program.Runs);
    });

    [Fact]
    public Task Apply_25_with_sends_of_10_runs_again_in_the_third() => Engine.RunAsync(async t =>
    {
        IProgramUnderTest program = t.Attach(End.C1, AttachType.SkMsgVerdict, ProgramSpec.Pass with { Apply = 25 });
        t.Start();
        long[] runs = [1, 1, 2, 2, 2, 3];
        (byte[] atP1, _) = await t.CollectAsync(async c1 =>
        {
            for (int i = 0; i < runs.Length; i++)
            {
                Assert.Equal(10, await c1.SendAsync(Traffic.Content(10 * i, 10)));
                Assert.Equal(runs[i], program.Runs);
            }
        });
        Assert.Equal(Traffic.Content(0, 60), atP1);
    });

    // Only inserted bytes are expected to be 0: whatever is in them, it is not for us to say.
    private static void Blank(byte[] arrived, byte[] expected)
    {
        for (int i = 0; i < Math.Min(arrived.Length, expected.Length); i++)
            arrived[i] = expected[i] == 0 ? (byte)0 : arrived[i];
    }

    private static ReferenceModel Model(ProgramSpec spec, int count, int size)
    {
        var ruling = new Ruling(
            spec.Outcome == Outcome.Pass ? 1 : 2, spec.Apply, spec.Cork,
            spec.Pull.Start, spec.Pull.End, spec.Push.Start, spec.Push.Count, spec.Pop.Start, spec.Pop.Count);
        bool losesRest = spec.Outcome == Outcome.Redirect && !Engine.Traits.KeepsRestOfCork;
        var model = new ReferenceModel((_, _) => ruling, MostCorked) { LosesRestOfCork = losesRest };
        foreach (byte[] message in Traffic.Messages(count, size))
            model.Offer(message);
        if (Engine.Traits.FlushesAtEnd)
            model.End();
        return model;
    }
}
