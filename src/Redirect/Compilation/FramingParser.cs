using System.Buffers.Binary;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>
/// The stream parser of a <see cref="Framing"/>. A stream that breaks its format ends with EBADMSG, a message that is announced
/// to be longer than allowed with EMSGSIZE. One instance serves any number of sockets. It says 0 only where every message ends
/// behind the bytes at hand, so how TCP cuts a stream changes nothing.
/// </summary>
public sealed class FramingParser : IStreamParser
{
    private const int MostInVarint = 4;

    private readonly Framing _framing;
    private readonly int _maxMessage;
    private readonly byte[] _delimiter;

    /// <summary>A parser for messages of at most <paramref name="maxMessage"/> bytes. Throws when a message could be empty.</summary>
    public FramingParser(Framing framing, int maxMessage)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessage, 1);
        if (framing is not (FixedLength { Bytes: > 0 } or LengthPrefix { Offset: >= 0 } or Delimiter { Bytes.IsDefaultOrEmpty: false }))
            throw new ArgumentException($"This framing has messages of no bytes: {framing}", nameof(framing));

        (_framing, _maxMessage) = (framing, maxMessage);
        _delimiter = framing is Delimiter delimiter ? [.. delimiter.Bytes] : [];
    }

    /// <inheritdoc/>
    public int Parse(Message message) => LengthOf(message.Data, message.SeenBefore);

    /// <summary>The length of the message that bytes begin with, with the results of <see cref="Parse"/>.</summary>
    public int LengthOf(ReadOnlySpan<byte> bytes) => LengthOf(bytes, 0);

    private int LengthOf(ReadOnlySpan<byte> bytes, int seenBefore)
    {
        int length = _framing switch
        {
            FixedLength one => one.Bytes,
            LengthPrefix one => Announced(one, bytes),
            _ => Delimited(bytes, seenBefore),
        };
        return length > _maxMessage || (length == 0 && bytes.Length >= _maxMessage) ? -(int)Errno.EMSGSIZE : length;
    }

    private static int Announced(LengthPrefix prefix, ReadOnlySpan<byte> data)
    {
        if (prefix.Offset >= data.Length)
            return 0;

        int width = Read(prefix, data[prefix.Offset..], out ulong number);
        if (width <= 0)
            return width;

        long header = (long)prefix.Offset + width;
        // 128 bits hold whatever number is announced together with whatever is added to it.
        Int128 length = (Int128)number + prefix.Adjustment + (prefix.IncludesHeader ? 0 : header);
        return length < header ? -(int)Errno.EBADMSG : (int)Int128.Min(length, int.MaxValue);
    }

    // How many bytes the number takes; 0: not all of them are there.
    private static int Read(LengthPrefix prefix, ReadOnlySpan<byte> data, out ulong number)
    {
        number = 0;
        if (prefix.Format == LengthFormat.Varint)
            return ReadVarint(data, ref number);

        int width = (int)prefix.Format;
        if (data.Length < width)
            return 0;

        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        eight.Clear();
        data[..width].CopyTo(prefix.IsLittleEndian ? eight : eight[^width..]);
        number = prefix.IsLittleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(eight) : BinaryPrimitives.ReadUInt64BigEndian(eight);
        return width;
    }

    private static int ReadVarint(ReadOnlySpan<byte> data, ref ulong number)
    {
        for (int i = 0; i < MostInVarint; i++)
        {
            if (i == data.Length)
                return 0;

            number |= (ulong)(data[i] & 0x7F) << (7 * i);
            if (data[i] < 0x80)
                return i + 1;
        }

        return -(int)Errno.EBADMSG;
    }

    // Bytes that were searched before are not searched again, but for those that a delimiter may have begun with.
    private int Delimited(ReadOnlySpan<byte> bytes, int seenBefore)
    {
        int from = Math.Max(0, seenBefore - (_delimiter.Length - 1));
        int at = bytes[from..].IndexOf(_delimiter);
        return at < 0 ? 0 : from + at + _delimiter.Length;
    }
}
