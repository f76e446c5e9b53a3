using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Sluice.Redirect.ProxyProtocol;

/// <summary>The vectors behind a header's addresses, each of a type, two bytes of length and a value.</summary>
internal static class TlvBlock
{
    /// <summary>Bytes in front of a value.</summary>
    internal const int HeadSize = 3;

    /// <summary>Reads those of a whole header from <paramref name="offset"/> to its end. Null, or what is wrong in words.</summary>
    internal static string? Read(ReadOnlySpan<byte> header, int offset, out ImmutableArray<ProxyTlv> tlvs)
    {
        tlvs = [];
        if (offset == header.Length)
            return null;

        byte[] copy = header[offset..].ToArray();
        ImmutableArray<ProxyTlv>.Builder found = ImmutableArray.CreateBuilder<ProxyTlv>();
        int checksumAt = -1;
        for (int at = 0; at < copy.Length;)
        {
            int valueAt = at + HeadSize;
            int end = valueAt <= copy.Length ? valueAt + BinaryPrimitives.ReadUInt16BigEndian(copy.AsSpan(at + 1)) : int.MaxValue;
            if (end > copy.Length)
                return "a vector is longer than the header";
            if (copy[at] == ProxyTlvType.Checksum && (end - valueAt != sizeof(uint) || checksumAt >= 0))
                return "it has a checksum that is not of 4 bytes, or more than one";
            if (copy[at] == ProxyTlvType.UniqueId && end - valueAt > ProxyTlvType.LongestUniqueId)
                return "its unique id is longer than 128 bytes";

            if (copy[at] == ProxyTlvType.Checksum)
                checksumAt = valueAt;
            else if (copy[at] != ProxyTlvType.Padding)
                found.Add(new ProxyTlv(copy[at], copy.AsMemory(valueAt, end - valueAt)));
            at = end;
        }

        if (checksumAt >= 0 && !Crc32C.Holds(header, offset + checksumAt))
            return "its checksum is wrong";
        tlvs = found.ToImmutable();
        return null;
    }
}
