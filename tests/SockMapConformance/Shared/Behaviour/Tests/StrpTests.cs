using System.Buffers.Binary;
using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Model;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>sockmap_strp: packets of a kind, a length and a body, cut where they should not be.</summary>
public sealed class StrpTests
{
    private const int HeaderBytes = 3;
    private const int BodyBytes = 6;
    private const int Size = HeaderBytes + BodyBytes;

    private static readonly ParserSpec Parser = ParserSpec.Prefixed(HeaderBytes, lengthAt: 1);

    private static readonly ProgramSpec Dispatch = ProgramSpec.Drop with
    {
        When = new Condition(Field.FirstByte, 'd'),
        Otherwise = ProgramSpec.Redirect(End.C2) with { When = new Condition(Field.FirstByte, 'r') },
    };

    [Theory]
    [InlineData(1)]
    [InlineData(HeaderBytes - 1)]
    [InlineData(HeaderBytes)]
    [InlineData(HeaderBytes + 1)]
    [InlineData(Size - 1)]
    public Task A_part_of_a_head_or_of_a_body_waits_for_the_rest(int cut) => EngineUnderTest.Verdicts.RunAsync(async t =>
    {
        IProgramMap map = t.NewMap();
        IProgramUnderTest parser = map.Attach(Parser);
        IProgramUnderTest verdict = map.Attach(AttachType.SkSkbStreamVerdict, ProgramSpec.Pass);
        map.Insert(End.P1);
        t.Start();
        byte[] packet = Packet('p', 0);
        Assert.Equal(cut, await t[End.C1].SendAsync(packet.AsMemory(0, cut)));
        await parser.AwaitRunsAsync(1);
        Assert.Equal((0L, 0), (verdict.Runs, t[End.P1].Unread));

        (byte[] atP1, _) = await t.CollectAsync(async c1 => Assert.Equal(Size - cut, await c1.SendAsync(packet.AsMemory(cut))));
        Assert.Equal(packet, atP1);
        Assert.Equal(1, verdict.Runs);
        Assert.Equal(cut < HeaderBytes ? 2 : 1, parser.Runs);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public Task Packets_in_one_segment_are_judged_one_by_one(int count) => EngineUnderTest.Verdicts.RunAsync(async t =>
    {
        IProgramUnderTest verdict = t.Attach(End.P1, AttachType.SkSkbStreamVerdict, ProgramSpec.Pass, Parser);
        t.Start();
        byte[] packets = Packets(new string('p', count));
        (byte[] atP1, byte[] atP2) = await t.CollectAsync(async c1 => Assert.Equal(packets.Length, await c1.SendAsync(packets)));
        Assert.Equal(packets, atP1);
        Assert.Empty(atP2);
        Assert.Equal(count, verdict.Runs);
        Assert.Equal(new Counts(Passed: packets.Length), t[End.P1].Arrived);
    });

    [Fact]
    public Task Packets_that_were_there_before_the_insertion_are_judged() => EngineUnderTest.Verdicts.RunAsync(async t =>
    {
        t.Start(End.C1, End.C2, End.P2);
        byte[] packets = Packets("pdp");
        Assert.Equal(packets.Length, await t[End.C1].SendAsync(packets));
        IProgramUnderTest verdict = t.Attach(End.P1, AttachType.SkSkbStreamVerdict, Dispatch, Parser);
        t.Start(End.P1);
        (byte[] atP1, _) = await t.CollectAsync(async c1 => Assert.Equal(Size, await c1.SendAsync(Packet('p', 3))));
        bool seesEach = EngineUnderTest.Verdicts.Traits.SeesEachMessage;
        Assert.Equal([.. Packet('p', 0), .. seesEach ? [] : Packet('d', 1), .. Packet('p', 2), .. Packet('p', 3)], atP1);
        Assert.Equal(4, verdict.Runs);
        Assert.Equal(seesEach ? new Counts(Passed: 3 * Size, Dropped: Size) : new Counts(Passed: 4 * Size), t[End.P1].Arrived);
    });

    [Theory]
    [InlineData("p")]
    [InlineData("d")]
    [InlineData("r")]
    [InlineData("prdrpdrrrpppddd")]
    public Task Each_packet_goes_where_its_verdict_says(string kinds) => EngineUnderTest.Verdicts.RunAsync(async t =>
    {
        IProgramUnderTest verdict = t.Attach(End.P1, AttachType.SkSkbStreamVerdict, Dispatch, Parser);
        t.Start();
        byte[] packets = Packets(kinds);
        (byte[] atP1, byte[] atP2) = await t.CollectAsync(async c1 => Assert.Equal(packets.Length, await c1.SendAsync(packets)));
        Assert.Equal(Of('p'), atP1);
        Assert.Equal(Of('r'), atP2);
        Assert.Equal(kinds.Length, verdict.Runs);
        Assert.Equal(new Counts(Of('p').Length, Of('d').Length, Of('r').Length), t[End.P1].Arrived);

        // They are sent at once and arrive in one segment, whose first packet is what each verdict sees.
        byte[] Of(char kind) =>
            [.. kinds.SelectMany((k, i) => (EngineUnderTest.Verdicts.Traits.SeesEachMessage ? k : kinds[0]) == kind ? Packet(k, i) : [])];
    });

    private static byte[] Packets(string kinds) => [.. kinds.SelectMany(Packet)];

    private static byte[] Packet(char kind, int number)
    {
        byte[] packet = [(byte)kind, 0, 0, .. Traffic.Content(number * BodyBytes, BodyBytes)];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(1), BodyBytes);
        return packet;
    }
}
