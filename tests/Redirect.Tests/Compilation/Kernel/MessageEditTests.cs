using System.Net;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Tests.Linux;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>Messages of sk_msg programs that are cut, added to and taken from, at the limits of the kernel's helpers.</summary>
public sealed class MessageEditTests : KernelTest
{
    private static readonly RuleAction Pass = new(RuleVerdict.Pass);

    /// <summary>Bytes of a message that the kernel keeps in many pieces.</summary>
    private const int Long = 200_000;

    public static TheoryData<int, int, int, int, int> Edits => new()
    {
        // Length of the message, where bytes are put in and how many, where bytes are taken out and how many.
        { 10, 0, 3, 0, 0 },
        { 10, 10, 4096, 0, 0 },
        { 10, 99, 1, 0, 0 },
        { 1, 1, 7, 0, 1 },
        { 10, 4, 9, 4, 3 },
        { 10, 5, 9, 4, 3 },
        { 10, 0, 0, 9, 5 },
        { Long, 100_000, 17, 0, 0 },
        { Long, 0, 4096, 1, Long - 1 },
        { Long, 150_000, 4095, 40_000, 100_000 },
        { Long, 0, 0, 0, Long - 1 },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void A_message_is_sent_as_it_was_edited(int length, int pushAt, int pushed, int popAt, int popped)
    {
        byte[] message = Bytes(length, 1);
        byte[] added = Bytes(pushed, 2);
        RuleAction action = Pass with { Push = new PushBytes(pushAt, [.. added]), Pop = new PopBytes(popAt, popped) };
        List<byte> expected = [.. message];
        if (popAt < length)
            expected.RemoveRange(popAt, Math.Min(popped, length - popAt));
        expected.InsertRange(Math.Min(pushAt, expected.Count), added);

        using LoopbackRun run = Start(new RuleSet("edit", [], action) { MaxMessage = 2 * Long });
        run.Send(message);
        run.Send(message);
        Assert.False(run.HasHandedOver);
        Assert.Equal([.. expected, .. expected], run.Passed(2 * expected.Count));
        Assert.Equal([2UL], run.Counts());
    }

    /// <summary>What was redirected of a message does not take the rest with it.</summary>
    [Fact]
    public void The_rest_of_a_message_is_handed_over_behind_what_was_redirected_of_it()
    {
        var other = new Rule("other", new BytesTest(0, 0, false, [[.. "-"u8]]), new RuleAction(RuleVerdict.Reset));
        using LoopbackRun run = Start(new RuleSet("cut", [other], Pass with { ApplyBytes = 4, Pop = new PopBytes(1, 2), Push = new PushBytes(0, [.. "<>"u8]) }));
        run.Send([.. "abcdefgh-ijkl"u8]);
        run.Send([.. "mnop"u8]);
        Assert.Equal("<>ad<>eh"u8, run.Passed(8));
        Assert.Equal("-ijklmnop"u8, run.HandedOver());
        Assert.Equal([0UL, 2UL], run.Counts());
        Assert.Equal(8, run.Judged);
    }

    [Fact]
    public void A_message_of_which_nothing_would_be_left_is_handed_over_as_it_came()
    {
        using LoopbackRun run = Start(new RuleSet("gone", [], Pass with { Pop = new PopBytes(0, 4) }));
        run.Send([.. "abcde"u8]);
        run.Send([.. "abcd"u8]);
        Assert.Equal("e"u8, run.Passed(1));
        Assert.Equal("abcd"u8, run.HandedOver());
        Assert.Equal([1UL], run.Counts());
    }

    private static LoopbackRun Start(RuleSet rules)
    {
        BpfPlan plan = BpfBackend.Compile(VerdictPlan.Compile(rules), BpfProgramKind.SkMsg, Direction.FromClient).Plan!;
        return new LoopbackRun(plan, BpfProgramKind.SkMsg, LoopbackSockets.Connect(IPAddress.Loopback, IPAddress.Loopback));
    }

    private static byte[] Bytes(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
