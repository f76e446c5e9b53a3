using System.Buffers.Binary;
using System.Numerics;

namespace Sluice.Redirect.ProxyProtocol;

/// <summary>The checksum of a header (RFC 4960, appendix B): CRC32c over all of it, its own four bytes taken for zeros.</summary>
internal static class Crc32C
{
    /// <summary>Whether the four bytes at <paramref name="at"/> are the checksum of the whole.</summary>
    internal static bool Holds(ReadOnlySpan<byte> header, int at) =>
        BinaryPrimitives.ReadUInt32BigEndian(header[at..]) == Compute(header, at);

    /// <summary>The checksum of a header whose four bytes at <paramref name="at"/> are for it.</summary>
    internal static uint Compute(ReadOnlySpan<byte> header, int at)
    {
        uint crc = Add(uint.MaxValue, header[..at]);
        crc = Add(crc, [0, 0, 0, 0]);
        return ~Add(crc, header[(at + sizeof(uint))..]);
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}
