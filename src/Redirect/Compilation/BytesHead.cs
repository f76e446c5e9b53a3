using System.Runtime.Intrinsics;

namespace Sluice.Redirect.Compilation;

/// <summary>The first bytes of a value in a form in which they are compared at once: most rules do not match, and most of those already here.</summary>
internal readonly struct BytesHead
{
    /// <summary>So many bytes must be there to be compared, also with a shorter value.</summary>
    internal const int Bytes = 16;

    private readonly Vector128<byte> _value;
    private readonly Vector128<byte> _mask;
    private readonly Vector128<byte> _case;

    /// <summary>The head of a value, which is folded if its case is ignored.</summary>
    internal BytesHead(ReadOnlySpan<byte> value, bool ignoresCase)
    {
        Span<byte> bytes = stackalloc byte[3 * Bytes];
        bytes.Clear();
        for (int i = 0; i < Math.Min(Bytes, value.Length); i++)
        {
            bytes[i] = value[i];
            bytes[Bytes + i] = byte.MaxValue;
            // With this bit set, upper and lower case of a letter are the same, and no other byte is.
            if (ignoresCase && char.IsAsciiLetter((char)value[i]))
                bytes[(2 * Bytes) + i] = 0x20;
        }

        _value = Vector128.Create((ReadOnlySpan<byte>)bytes);
        _mask = Vector128.Create((ReadOnlySpan<byte>)bytes[Bytes..]);
        _case = Vector128.Create((ReadOnlySpan<byte>)bytes[(2 * Bytes)..]);
    }

    internal bool IsHeadOf(ReadOnlySpan<byte> data) => ((Vector128.Create(data) | _case) & _mask) == _value;
}
