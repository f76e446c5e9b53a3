using System.Numerics;
using Sluice.Redirect;
using Sluice.Redirect.Rules;

namespace Sluice.Fuzz.Targets;

/// <summary>What framing means, as one would explain it on a whole stream.</summary>
internal static class FramedStream
{
    /// <summary>The messages in hex, the last perhaps unfinished, and what the stream ends with.</summary>
    public static (string Messages, Errno Error) Divide(byte[] stream, Framing framing, int mostBytes)
    {
        List<string> messages = [];
        byte[] rest = stream;
        while (rest.Length > 0)
        {
            BigInteger? length = Length(rest, framing, out bool isBroken);
            if (isBroken)
                return (string.Join(' ', messages), Errno.EBADMSG);
            if (length > mostBytes || (length is null && rest.Length >= mostBytes))
                return (string.Join(' ', messages), Errno.EMSGSIZE);

            int taken = length is null || length > rest.Length ? rest.Length : (int)length;
            messages.Add(Convert.ToHexString(rest[..taken]));
            rest = rest[taken..];
        }

        return (string.Join(' ', messages), Errno.None);
    }

    // Null: it cannot be told from these bytes.
    private static BigInteger? Length(byte[] bytes, Framing framing, out bool isBroken)
    {
        isBroken = false;
        switch (framing)
        {
            case FixedLength all:
                return all.Bytes;
            case Delimiter delimiter:
                int at = Enumerable.Range(0, bytes.Length).FirstOrDefault(i => bytes.Skip(i).Take(delimiter.Bytes.Length).SequenceEqual(delimiter.Bytes), -1);
                return at < 0 ? null : at + delimiter.Bytes.Length;
            default:
                var prefix = (LengthPrefix)framing;
                byte[] field = [.. bytes.Skip(prefix.Offset)];
                int width = prefix.Format == LengthFormat.Varint ? Varint(field, out isBroken) : (int)prefix.Format;
                if (isBroken || width == 0 || field.Length < width)
                    return null;

                BigInteger length = Number(field[..width], prefix) + prefix.Adjustment + (prefix.IncludesHeader ? 0 : prefix.Offset + width);
                isBroken = length < prefix.Offset + width;
                return length;
        }
    }

    private static int Varint(byte[] field, out bool isBroken)
    {
        int more = field.TakeWhile(b => b >= 0x80).Count();
        isBroken = more >= 4;
        return more == field.Length ? 0 : more + 1;
    }

    private static BigInteger Number(byte[] digits, LengthPrefix prefix) => prefix.Format == LengthFormat.Varint
        ? digits.Reverse().Aggregate(BigInteger.Zero, (number, digit) => (number * 128) + (digit % 128))
        : new BigInteger(digits, isUnsigned: true, isBigEndian: !prefix.IsLittleEndian);
}
