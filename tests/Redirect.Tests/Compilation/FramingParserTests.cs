using System.Buffers;
using CsCheck;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Tests.Verdicts;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation;

public sealed class FramingParserTests
{
    private const int Most = 40;

    private static readonly MessageContext Ingress = new(MessageDirection.Ingress);

    private static readonly Gen<int> Adjustment = Gen.OneOf(Gen.Int[-12, 12], Gen.OneOf(int.MinValue, int.MaxValue), Gen.Int[-300, -100]);

    private static readonly Gen<Framing> Framings = Gen.OneOf<Framing>(
        Gen.Int[1, 50].Select(bytes => (Framing)new FixedLength(bytes)),
        Gen.Int[0, 2].Array[1, 4].Select(bytes => (Framing)new Delimiter([.. bytes.Select(b => (byte)b)])),
        Gen.Select(Gen.Int[0, 6], Gen.OneOf(Enum.GetValues<LengthFormat>()), Gen.Bool, Adjustment, Gen.Bool)
            .Select((offset, format, isLittle, adjustment, includes) => (Framing)new LengthPrefix(offset, format, isLittle, adjustment, includes)));

    // Mostly small numbers, or no length would ever fit.
    private static readonly Gen<byte[]> Streams = Gen.OneOf(Gen.Byte[0, 2], Gen.Byte[0, 20], Gen.OneOf<byte>(0x80, 0x81, 0xFF)).Array[0, 150];

    [Fact]
    public void Any_stream_is_divided_in_one_way_however_it_is_cut() =>
        Gen.Select(Framings, Streams, Gen.Int[1, 30].Array[1, 20]).Sample((framing, stream, cuts) =>
        {
            (List<byte[]> messages, Errno error) = NaiveFraming.Divide(framing, stream, Most);
            foreach (int[] sizes in new[] { cuts, [1], [stream.Length + 1] })
                Assert.Equal((string.Join(' ', messages.Select(Convert.ToHexString)), error), Divide(framing, stream, sizes));
        }, iter: 5000);

    [Theory]
    [InlineData("05 61 62 63 64 65 01 66", "05 61 62 63 64 65|01 66", Errno.None)]
    [InlineData("00 00 01 66", "00|00|01 66", Errno.None)]
    [InlineData("27", "27", Errno.None)]
    [InlineData("01 66 28", "01 66", Errno.EMSGSIZE)]
    public void A_length_of_one_byte(string stream, string messages, Errno error) =>
        Check(new LengthPrefix(0, LengthFormat.U8, false, 0, false), stream, messages, error);

    [Theory]
    [InlineData(LengthFormat.U16, false, "0003 61", "0003 61")]
    [InlineData(LengthFormat.U16, true, "0300 61", "0300 61")]
    [InlineData(LengthFormat.U24, false, "000005 6162", "000005 6162")]
    [InlineData(LengthFormat.U24, true, "050000 6162", "050000 6162")]
    [InlineData(LengthFormat.U32, false, "00000006 6162", "00000006 6162")]
    [InlineData(LengthFormat.U64, true, "0900000000000000 61", "0900000000000000 61")]
    [InlineData(LengthFormat.Varint, false, "02 61 02 62", "02 61|02 62")]
    [InlineData(LengthFormat.Varint, false, "8300 61", "8300 61")]
    public void Lengths_that_include_their_header(LengthFormat format, bool isLittle, string stream, string messages) =>
        Check(new LengthPrefix(0, format, isLittle, 0, true), stream, messages, Errno.None);

    [Theory]
    [InlineData(LengthFormat.U32, 0, true, "00000003 61", Errno.EBADMSG)]
    [InlineData(LengthFormat.U32, 0, false, "FFFFFFFF 61", Errno.EMSGSIZE)]
    [InlineData(LengthFormat.U64, 0, false, "FFFFFFFFFFFFFFFF", Errno.EMSGSIZE)]
    [InlineData(LengthFormat.U64, int.MaxValue, false, "FFFFFFFFFFFFFFFF", Errno.EMSGSIZE)]
    [InlineData(LengthFormat.U64, int.MinValue, true, "0000000000000000", Errno.EBADMSG)]
    [InlineData(LengthFormat.U8, -5, false, "04", Errno.EBADMSG)]
    [InlineData(LengthFormat.Varint, 0, false, "80808080", Errno.EBADMSG)]
    [InlineData(LengthFormat.Varint, 0, false, "FFFFFF7F", Errno.EMSGSIZE)]
    public void Absurd_lengths_end_the_stream(LengthFormat format, int adjustment, bool includes, string stream, Errno error) =>
        Check(new LengthPrefix(0, format, false, adjustment, includes), stream, "", error);

    [Theory]
    [InlineData("61 0D 0A 0D 0A 62", "61 0D 0A|0D 0A|62", Errno.None)]
    [InlineData("61 0D 0D 0A", "61 0D 0D 0A", Errno.None)]
    public void Lines(string stream, string messages, Errno error) => Check(new Delimiter([13, 10]), stream, messages, error);

    [Fact]
    public void A_delimiter_that_never_comes_ends_at_the_limit()
    {
        byte[] stream = new byte[Most];
        Assert.Equal(("", Errno.EMSGSIZE), Divide(new Delimiter([10]), stream, [1]));
        Assert.Equal((Convert.ToHexString(stream[1..]), Errno.None), Divide(new Delimiter([10]), stream[1..], [1]));
    }

    // A search from the start for each byte that comes would look at the first byte again and again.
    [Fact]
    public void Bytes_that_were_searched_are_not_searched_again()
    {
        var parser = new FramingParser(new Delimiter([1, 2, 3]), 1000);
        var bytes = new HeldBytes(ArrayPool<byte>.Shared);
        bytes.Append(new byte[] { 1, 2, 3, 9, 9, 1, 2, 3 });
        var message = new Message(bytes, Ingress, mostInserted: -1);
        message.Begin(0, isFinal: false, seenBefore: 5);
        Assert.Equal(8, parser.Parse(message));
        message.Begin(0, isFinal: false, seenBefore: 2);
        Assert.Equal(3, parser.Parse(message));
    }

    [Fact]
    public void Framings_with_empty_messages_are_refused()
    {
        Framing[] framings = [new FixedLength(0), new Delimiter([]), new Delimiter(default), new LengthPrefix(-1, LengthFormat.U8, false, 0, false)];
        Assert.All(framings, framing => Assert.Throws<ArgumentException>(() => new FramingParser(framing, 10)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FramingParser(new FixedLength(1), 0));
    }

    private static void Check(Framing framing, string stream, string messages, Errno error)
    {
        byte[] bytes = Convert.FromHexString(stream.Replace(" ", ""));
        string expected = string.Join(' ', messages.Replace(" ", "").Split('|'));
        Assert.Equal((expected, error), Divide(framing, bytes, [bytes.Length]));
        Assert.Equal((expected, error), Divide(framing, bytes, [1]));
    }

    private static (string Messages, Errno Error) Divide(Framing framing, byte[] stream, int[] cuts)
    {
        var machine = new ParserMachine(new FramingParser(framing, Most), Ingress, Most, ArrayPool<byte>.Shared);
        List<string> messages = [];
        foreach (byte[] piece in Cutting.Cut(stream, cuts))
        {
            machine.Offer(piece);
            Drain();
            Assert.InRange(machine.Waiting, 0, Most - 1);
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
