using System.Buffers.Binary;

namespace Sluice.Redirect.Linux;

/// <summary>struct btf_header (uapi/linux/btf.h): where the types and their names lie.</summary>
internal readonly record struct BtfHeader(int TypesAt, int TypesSize, int StringsAt, int StringsSize)
{
    /// <summary>Bytes of the header that every version has.</summary>
    internal const int Size = 24;

    private const ushort Magic = 0xEB9F;
    private const byte Version = 1;

    /// <summary>A header before types that strings follow at once.</summary>
    internal BtfHeader(int typesSize, int stringsSize)
        : this(Size, typesSize, Size + typesSize, stringsSize)
    {
    }

    /// <summary>False where the blob is no BTF of this machine's byte order, or its parts lie outside of it.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> blob, out BtfHeader header)
    {
        header = default;
        if (blob.Length < Size || BinaryPrimitives.ReadUInt16LittleEndian(blob) != Magic || blob[2] != Version)
            return false;

        uint length = Word(blob, 4);
        (ulong types, uint typesSize) = (length + (ulong)Word(blob, 8), Word(blob, 12));
        (ulong strings, uint stringsSize) = (length + (ulong)Word(blob, 16), Word(blob, 20));
        ulong end = (ulong)blob.Length;
        if (length < Size || types + typesSize > end || strings + stringsSize > end || types % sizeof(uint) != 0)
            return false;

        header = new BtfHeader((int)types, (int)typesSize, (int)strings, (int)stringsSize);
        return stringsSize > 0 && blob[header.StringsAt + header.StringsSize - 1] == 0; // every name ends
    }

    internal void Write(Span<byte> blob)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(blob, Magic);
        (blob[2], blob[3]) = (Version, 0);
        ReadOnlySpan<int> words = [Size, TypesAt - Size, TypesSize, StringsAt - Size, StringsSize];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(blob[(4 + (i * sizeof(int)))..], words[i]);
    }

    private static uint Word(ReadOnlySpan<byte> blob, int at) => BinaryPrimitives.ReadUInt32LittleEndian(blob[at..]);
}
