using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Tests.Compilation;

/// <summary>Divides a whole stream at once, with numbers that cannot overflow.</summary>
internal static class NaiveFraming
{
    public static (List<byte[]> Messages, Errno Error) Divide(Framing framing, byte[] stream, int most)
    {
        List<byte[]> messages = [];
        while (stream.Length > 0)
        {
            Int128 length = LengthOf(framing, stream);
            if (length < 0)
                return (messages, Errno.EBADMSG);
            if (length > most || (length == 0 && stream.Length >= most))
                return (messages, Errno.EMSGSIZE);
            if (length == 0 || length > stream.Length)
                length = stream.Length;

            messages.Add(stream[..(int)length]);
            stream = stream[(int)length..];
        }

        return (messages, Errno.None);
    }

    // 0: cannot be told from these; below 0: no message at all.
    private static Int128 LengthOf(Framing framing, byte[] stream)
    {
        switch (framing)
        {
            case FixedLength one:
                return one.Bytes;
            case Delimiter one:
                for (int end = one.Bytes.Length; end <= stream.Length; end++)
                {
                    if (stream[(end - one.Bytes.Length)..end].SequenceEqual(one.Bytes))
                        return end;
                }

                return 0;
            default:
                return LengthOf((LengthPrefix)framing, stream);
        }
    }

    private static Int128 LengthOf(LengthPrefix prefix, byte[] stream)
    {
        byte[] number = [.. stream.Skip(prefix.Offset)];
        int width = (int)prefix.Format;
        if (prefix.Format == LengthFormat.Varint)
        {
            width = 1 + number.TakeWhile(b => b >= 0x80).Count();
            if (width > 4)
                return -1;
        }

        if (number.Length < width)
            return 0;

        number = number[..width];
        Int128 value = prefix.Format == LengthFormat.Varint
            ? number.Reverse().Aggregate(Int128.Zero, (sum, b) => (sum * 128) + (b % 128))
            : (prefix.IsLittleEndian ? number.Reverse() : number).Aggregate(Int128.Zero, (sum, b) => (sum * 256) + b);
        Int128 length = value + prefix.Adjustment + (prefix.IncludesHeader ? 0 : prefix.Offset + width);
        return length < prefix.Offset + width ? -1 : length;
    }
}
