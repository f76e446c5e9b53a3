using System.Buffers;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Verdicts;

/// <summary>The facts measured on the kernel, and where ours goes beyond it.</summary>
public sealed class VerdictMachineTests
{
    private const int MostHeld = 64;
    private readonly List<string> _runs = [];

    [Fact]
    public void Apply_3_on_10_bytes_runs_four_times()
    {
        VerdictMachine machine = Machine(m => Apply(m, 3));
        Assert.Equal(["abc", "def", "ghi", "j"], Judge(machine, "abcdefghij"));
        Assert.Equal(["abcdefghij", "defghij", "ghij", "j"], _runs);
    }

    [Fact]
    public void Apply_25_with_messages_of_10_runs_again_in_the_third()
    {
        VerdictMachine machine = Machine(m => Apply(m, 25));
        Assert.Equal(["0123456789"], Judge(machine, "0123456789"));
        Assert.Equal(["0123456789"], Judge(machine, "0123456789"));
        Assert.Equal(["01234", "56789"], Judge(machine, "0123456789"));
        Assert.Equal(["0123456789", "56789"], _runs);
    }

    [Fact]
    public void Cork_holds_until_there_is_enough_and_judges_the_whole()
    {
        VerdictMachine machine = Machine(m => Cork(m, 45));
        Assert.Empty(Judge(machine, "12345"));
        Assert.Equal(5, machine.Corked);
        Assert.Empty(Judge(machine, new string('x', 39)));
        Assert.Equal(["12345" + new string('x', 39) + "y"], Judge(machine, "y"));
        Assert.Equal(2, machine.Runs);
    }

    [Fact]
    public void A_cork_may_be_raised()
    {
        VerdictMachine machine = Machine(m => Cork(m, m.Length < 4 ? 4 : 6));
        Assert.Empty(Judge(machine, "abcd"));
        Assert.Empty(Judge(machine, "e"));
        Assert.Equal(["abcdef"], Judge(machine, "f"));
    }

    [Fact]
    public void What_a_window_leaves_over_can_be_corked()
    {
        VerdictMachine machine = Machine(m =>
        {
            m.CorkBytes(4);
            return Apply(m, 4);
        });
        Assert.Equal(["abcd"], Judge(machine, "abcdef"));
        Assert.Equal(["efgh"], Judge(machine, "ghi"));
        machine.End();
        Assert.Equal(["i"], Drain(machine));
    }

    [Fact]
    public void The_end_of_the_stream_flushes_a_cork()
    {
        VerdictMachine machine = Machine(m => m.IsFinal ? Verdict.Pass : Cork(m, 50));
        Assert.Empty(Judge(machine, "tail"));
        machine.End();
        Assert.Equal(["tail"], Drain(machine));
        Assert.Empty(Drain(machine));
    }

    [Fact]
    public void Beyond_what_may_be_held_the_program_runs_for_the_last_time()
    {
        List<bool> final = [];
        VerdictMachine machine = Machine(m =>
        {
            final.Add(m.IsFinal);
            return Cork(m, int.MaxValue);
        });
        Assert.Empty(Judge(machine, new string('x', MostHeld - 1)));
        Assert.Equal([new string('x', MostHeld)], Judge(machine, "x"));
        Assert.Equal([false, true], final);
    }

    [Fact]
    public void Apply_0_means_the_message() =>
        Assert.Equal(["abc"], Judge(Machine(m => Apply(m, 0)), "abc"));

    [Fact]
    public void A_redirect_stands_for_its_window_across_messages()
    {
        var map = new FakeMap { [1] = new FakeSocket(1) };
        VerdictMachine machine = Machine(m =>
        {
            m.ApplyBytes(5);
            return m.StreamOffset == 0 ? m.Redirect(map, 1) : Verdict.Pass;
        });
        machine.Offer("abc"u8.ToArray());
        Assert.True(machine.Next(out Segment first));
        Assert.Same(map[1], first.Decision.Socket);
        Assert.False(machine.Next(out _));
        machine.Offer("defg"u8.ToArray());
        Assert.True(machine.Next(out Segment second));
        Assert.Equal(("de", DecisionKind.Redirect), (Text(second), second.Decision.Kind));
        Assert.True(machine.Next(out Segment third));
        Assert.Equal(("fg", DecisionKind.Pass), (Text(third), third.Decision.Kind));
    }

    [Fact]
    public void Offsets_count_the_bytes_as_they_came()
    {
        List<long> offsets = [];
        VerdictMachine machine = Machine(m =>
        {
            offsets.Add(m.StreamOffset);
            m.PushData(0, 2);
            m.PopData(3, 1);
            return Apply(m, 6);
        });
        Assert.Equal(["..abcd", "..efgh"], Judge(machine, "a-bcde-fgh"));
        Assert.Equal(["..k"], Judge(machine, "k-"));
        Assert.Equal([0, 5, 10], offsets);
    }

    [Fact]
    public void A_message_popped_to_nothing_is_gone()
    {
        VerdictMachine machine = Machine(m => m.PopData(0, m.Length) == Errno.None && m.StreamOffset is 0 or 3 ? Verdict.Pass : Verdict.Drop);
        Assert.Empty(Judge(machine, "abc"));
        Assert.Empty(Judge(machine, "def"));
        Assert.Equal(2, machine.Runs);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 5)]
    public void A_program_that_lives_on_its_own_pushes_is_a_fault(int push, int apply)
    {
        VerdictMachine machine = Machine(m =>
        {
            m.PushData(0, push);
            return Apply(m, apply);
        });
        machine.Offer(new byte[30]);
        Assert.Contains("never come to an end", Assert.Throws<ProgramFaultException>(() => machine.Next(out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_throws_is_a_fault_with_the_evidence()
    {
        var thrown = new InvalidTimeZoneException("boom");
        VerdictMachine machine = Machine(_ => throw thrown);
        machine.Offer(new byte[3]);
        Assert.Same(thrown, Assert.Throws<ProgramFaultException>(() => machine.Next(out _)).InnerException);
    }

    [Fact]
    public void A_verdict_that_is_none_is_a_fault()
    {
        VerdictMachine machine = Machine(_ => (Verdict)7);
        machine.Offer(new byte[3]);
        Assert.Contains("returned 7", Assert.Throws<ProgramFaultException>(() => machine.Next(out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_without_corks_allocate_nothing()
    {
        var machine = new VerdictMachine(new Program(ApplyHundred), new MessageContext(MessageDirection.Ingress), MostHeld, ArrayPool<byte>.Shared);
        byte[] message = new byte[512];
        long Step()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                machine.Offer(message);
                while (machine.Next(out _))
                {
                }
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Step();
        Assert.Equal(0, Step());
    }

    private static Verdict ApplyHundred(Message message) => message.ApplyBytes(100) == Errno.None ? Verdict.Pass : Verdict.Drop;

    private VerdictMachine Machine(Func<Message, Verdict> run) => new(
        new Program(m =>
        {
            _runs.Add(System.Text.Encoding.ASCII.GetString(m.Data));
            return run(m);
        }),
        new MessageContext(MessageDirection.Egress),
        MostHeld,
        ArrayPool<byte>.Shared);

    private static Verdict Apply(Message message, int count)
    {
        Assert.Equal(Errno.None, message.ApplyBytes(count));
        return Verdict.Pass;
    }

    private static Verdict Cork(Message message, int count)
    {
        Assert.Equal(Errno.None, message.CorkBytes(count));
        return Verdict.Pass;
    }

    private static List<string> Judge(VerdictMachine machine, string message)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(message);
        machine.Offer(bytes);
        List<string> segments = Drain(machine);
        bytes.AsSpan().Fill((byte)'?'); // the caller's buffer is used again
        return segments;
    }

    private static List<string> Drain(VerdictMachine machine)
    {
        List<string> segments = [];
        while (machine.Next(out Segment segment))
            segments.Add(Text(segment));
        return segments;
    }

    private static string Text(Segment segment) => System.Text.Encoding.ASCII.GetString(segment.Bytes.Span).Replace('\0', '.');
}
