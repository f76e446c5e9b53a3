using System.Buffers.Binary;

namespace TcpProxyConformance.Play;

/// <summary>The first eight bytes of a connection, by which its two ends find each other whatever is between: a mark and a number.</summary>
internal static class Token
{
    public const int Size = 8;
    private const uint Mark = 0xC0_11_0F_7E;

    public static byte[] Of(uint number)
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Mark);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), number);
        return bytes;
    }

    /// <summary>The number; null: these are other bytes.</summary>
    public static uint? NumberIn(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size && BinaryPrimitives.ReadUInt32BigEndian(bytes) == Mark ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : null;
}
