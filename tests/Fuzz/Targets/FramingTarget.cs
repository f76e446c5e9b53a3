using Sluice.Redirect;
using Sluice.Redirect.Tests.Verdicts;
using Sluice.Redirect.Verdicts;

namespace Sluice.Fuzz.Targets;

/// <summary>
/// The stream parser machine gives the messages that the reference gives. The input's first byte says how it is cut; the rest
/// is the stream, whose messages tell their lengths, possible or not, in their own first bytes.
/// </summary>
internal static class FramingTarget
{
    private const int MostBytes = 64;

    public static FuzzTarget Value { get; } = new("framing", new Corpus("tests/Fuzz/corpus/framing", "hex"), Run) { MostBytes = 2000 };

    private static void Run(byte[] input)
    {
        if (input.Length == 0)
            return;

        byte[][] arrivals = [.. input[1..].Chunk((input[0] % 100) + 1)];
        var reference = new ReferenceParser(Parse, MostBytes);
        var machine = new ParserMachine(new Parser(), new MessageContext(MessageDirection.Ingress), MostBytes);
        List<string> messages = [];
        foreach (byte[] arrival in arrivals)
        {
            reference.Offer(arrival);
            // The machine may keep no view of memory that is the caller's again.
            byte[] lent = [.. arrival];
            machine.Offer(lent);
            Drain();
            lent.AsSpan().Clear();
            Check.Equal(true, machine.Waiting < MostBytes, $"{machine.Waiting} bytes held");
        }

        reference.End();
        machine.End();
        Drain();
        Check.Equal(reference.Error, machine.Error, "the end");
        Check.Equal(string.Join(' ', reference.Messages.Select(Convert.ToHexString)), string.Join(' ', messages), "the messages");

        void Drain()
        {
            while (machine.Next(out ReadOnlyMemory<byte> message))
                messages.Add(Convert.ToHexString(message.Span));
        }
    }

    private static int Parse(byte[] bytes) => bytes[0] switch
    {
        0 => -(int)Errno.EPROTO,
        1 => 0,
        2 => MostBytes + 1,
        3 => int.MaxValue,
        < 10 => bytes.Length < 3 ? 0 : 3 + (bytes[1] * 256) + bytes[2],
        < 20 => bytes.Length < 2 ? 0 : 2 + (bytes[1] % 8),
        // Lengths as no parser may tell them: the shorter for having waited.
        20 => bytes.Length < 4 ? 0 : 2,
        var first => first % 32,
    };

    private sealed class Parser : IStreamParser
    {
        public int Parse(Message message) => FramingTarget.Parse(message.Data.ToArray());
    }
}
