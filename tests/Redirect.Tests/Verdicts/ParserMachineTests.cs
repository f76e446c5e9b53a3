using CsCheck;
using Sluice.Redirect.Verdicts;
using Sluice.SockMapConformance.Model;

namespace Sluice.Redirect.Tests.Verdicts;

public sealed class ParserMachineTests
{
    private const int MostBytes = 32;

    private static readonly MessageContext Ingress = new(MessageDirection.Ingress);

    [Fact]
    public void Messages_of_one_byte_are_each_seen_at_their_own_place()
    {
        List<(string, long)> seen = [];
        Outcome outcome = Parse(m =>
        {
            seen.Add((System.Text.Encoding.ASCII.GetString(m.Data), m.StreamOffset));
            return 1;
        }, "ABCDE"u8.ToArray());
        Assert.Equal(["41", "42", "43", "44", "45"], outcome.Messages);
        Assert.Equal([("ABCDE", 0), ("BCDE", 1), ("CDE", 2), ("DE", 3), ("E", 4)], seen);
    }

    [Fact]
    public void A_message_longer_than_what_is_there_is_waited_for_without_asking_again()
    {
        int asked = 0;
        Outcome outcome = Parse(_ => ++asked > 0 ? 5 : 0, [1, 2], [3, 4], [5], [6]);
        Assert.Equal(["0102030405", "06"], outcome.Messages);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData(-71, Errno.EPROTO)]
    [InlineData(-32, Errno.EPIPE)]
    [InlineData(int.MinValue, Errno.EPROTO)]
    [InlineData(MostBytes + 1, Errno.EMSGSIZE)]
    [InlineData(int.MaxValue, Errno.EMSGSIZE)]
    public void An_error_ends_the_stream_after_the_messages_before_it(int second, Errno expected)
    {
        Outcome outcome = Parse(m => m.Data[0] == 'a' ? 2 : second, "abcd"u8.ToArray(), "a"u8.ToArray());
        Assert.Equal(["6162"], outcome.Messages);
        Assert.Equal(expected, outcome.Error);
    }

    [Fact]
    public void A_parser_that_never_tells_is_stopped_at_the_limit()
    {
        Assert.Equal(Errno.None, Parse(_ => 0, new byte[MostBytes - 1]).Error);
        Assert.Equal(Errno.EMSGSIZE, Parse(_ => 0, new byte[MostBytes - 1], new byte[1]).Error);
    }

    [Fact]
    public void A_message_that_ends_among_bytes_said_to_be_too_few_is_no_progress() =>
        Assert.Equal(Errno.EPROTO, Parse(m => m.Length < 4 ? 0 : 3, [1, 2, 3], [4]).Error);

    [Fact]
    public void The_end_of_the_stream_flushes_a_part_of_a_message()
    {
        Assert.Equal(["0102"], Parse(_ => 5, [1, 2]).Messages);
        Assert.Equal(["0102"], Parse(_ => 0, [1, 2]).Messages);
    }

    [Fact]
    public void A_parser_that_throws_is_a_fault_with_the_evidence()
    {
        var thrown = new InvalidTimeZoneException("boom");
        Assert.Same(thrown, Assert.Throws<ProgramFaultException>(() => Parse(_ => throw thrown, [1])).InnerException);
    }

    [Fact]
    public void The_machine_does_what_the_reference_does() =>
        Gen.Select(Gen.Byte.Array[1, 20].Array[0, 12], Gen.Int).Sample((arrivals, seed) =>
        {
            int Rule(byte[] seen)
            {
                var random = new Random(seed ^ (seen.Length * 7919) ^ seen[^1]);
                return random.Next(12) == 0 ? -random.Next(1, 100) : random.Next(3) == 0 ? 0 : random.Next(1, MostBytes + 3);
            }

            var reference = new ReferenceParser(Rule, MostBytes);
            foreach (byte[] arrival in arrivals)
                reference.Offer(arrival);
            reference.End();

            Outcome outcome = Parse(m => Rule(m.Data.ToArray()), arrivals);
            Assert.Equal(reference.Messages.Select(Convert.ToHexString), outcome.Messages);
            Assert.Equal(reference.Error, outcome.Error);
        });

    [Fact]
    public void The_outcome_never_depends_on_the_cut() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 40].Array[1, 40]).Sample((stream, cuts) =>
        {
            Outcome cut = Parse(LengthPrefixed, [.. Cutting.Cut(stream, cuts)]);
            Outcome byByte = Parse(LengthPrefixed, [.. Cutting.Cut(stream, [1])]);
            Outcome whole = Parse(LengthPrefixed, [.. Cutting.Cut(stream, [stream.Length + 1])]);
            Assert.Equal(whole.Messages, cut.Messages);
            Assert.Equal(whole.Messages, byByte.Messages);
            Assert.Equal((whole.Error, whole.Error), (cut.Error, byByte.Error));
        });

    // A header of one or two bytes; now and then an impossible one.
    private static int LengthPrefixed(Message message)
    {
        ReadOnlySpan<byte> data = message.Data;
        if (data[0] % 2 == 1 && data.Length < 2)
            return 0;

        return data[0] switch
        {
            250 => -71,
            252 => MostBytes + 1,
            var first when first % 2 == 0 => 1 + (first % 20),
            var first => 2 + (first % 9) + (data[1] % 16),
        };
    }

    private static Outcome Parse(Func<Message, int> parse, params byte[][] arrivals)
    {
        var pool = new CountingPool();
        var machine = new ParserMachine(new Parser(parse), Ingress, MostBytes, pool);
        List<string> messages = [];
        foreach (byte[] arrival in arrivals)
        {
            byte[] buffer = [.. arrival];
            machine.Offer(buffer);
            Drain();
            buffer.AsSpan().Fill(0xEE);
            Assert.InRange(machine.Waiting, 0, MostBytes - 1);
        }

        machine.End();
        Drain();
        Assert.Equal(0, pool.Outstanding);
        return new Outcome(messages, machine.Error);

        void Drain()
        {
            while (machine.Next(out ReadOnlyMemory<byte> message))
                messages.Add(Convert.ToHexString(message.Span));
        }
    }

    private sealed record Outcome(List<string> Messages, Errno Error);
}
