using System.Buffers;
using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Fuzz.Targets;

/// <summary>
/// A stream in arrivals of any length divides into the messages that one sees who has all of it. The input's first bytes are
/// the framing and the cut, the rest is the stream.
/// </summary>
internal static class FramingTarget
{
    private const int HeadBytes = 6;
    private const int MostBytes = 64;

    private static readonly LengthFormat[] Formats = Enum.GetValues<LengthFormat>();

    public static FuzzTarget Value { get; } = new("framing", new Corpus("tests/Fuzz/corpus/framing", "hex"), Run) { MostBytes = 2000 };

    private static void Run(byte[] input)
    {
        if (input.Length < HeadBytes)
            return;

        Framing framing = FramingOf(input);
        byte[] stream = input[HeadBytes..];
        (string Messages, Errno Error) expected = FramedStream.Divide(stream, framing, MostBytes);
        Check.Equal(expected, Divide([.. stream.Chunk((input[0] % 100) + 1)], framing), $"{framing} in arrivals of {(input[0] % 100) + 1}");
        Check.Equal(expected, Divide([stream], framing), $"{framing} in one arrival");
    }

    private static Framing FramingOf(byte[] head) => (head[1] % 3) switch
    {
        0 => new FixedLength(1 + (head[2] % (MostBytes + 2))),
        1 => new LengthPrefix(head[2] % 16, Formats[head[3] % Formats.Length], (head[4] & 1) != 0, (sbyte)head[5], (head[4] & 2) != 0),
        _ => new Delimiter([.. head.AsSpan(3, 1 + (head[2] % 3))]),
    };

    private static (string Messages, Errno Error) Divide(byte[][] arrivals, Framing framing)
    {
        var machine = new ParserMachine(new FramingParser(framing, MostBytes), new MessageContext(MessageDirection.Ingress), MostBytes, ArrayPool<byte>.Shared);
        List<string> messages = [];
        foreach (byte[] arrival in arrivals)
        {
            // The machine may keep no view of memory that is the caller's again.
            byte[] lent = [.. arrival];
            machine.Offer(lent);
            Drain();
            lent.AsSpan().Clear();
            Check.Equal(true, machine.Waiting < MostBytes, $"{machine.Waiting} bytes held");
        }

        machine.End();
        Drain();
        return (string.Join(' ', messages), machine.Error);

        void Drain()
        {
            while (machine.Next(out ReadOnlyMemory<byte> message))
                messages.Add(Convert.ToHexString(message.Span));
        }
    }
}
