namespace Sluice.Redirect.Compilation;

/// <summary>ASCII letters without their case. Other bytes are themselves, which System.Text.Ascii does not allow.</summary>
internal static class AsciiCase
{
    internal static byte Fold(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;

    internal static byte Unfold(byte b) => b is >= (byte)'a' and <= (byte)'z' ? (byte)(b & ~0x20) : b;

    internal static byte[] Fold(ReadOnlySpan<byte> bytes)
    {
        byte[] folded = bytes.ToArray();
        foreach (ref byte b in folded.AsSpan())
            b = Fold(b);
        return folded;
    }

    /// <summary>Whether bytes begin with others, which are folded.</summary>
    internal static bool StartsWith(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> folded)
    {
        if (bytes.Length < folded.Length)
            return false;

        for (int i = 0; i < folded.Length; i++)
        {
            if (Fold(bytes[i]) != folded[i])
                return false;
        }

        return true;
    }
}
