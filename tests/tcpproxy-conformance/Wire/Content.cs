using System.Security.Cryptography;

namespace TcpProxyConformance.Wire;

/// <summary>A stream's bytes, of which each depends on the seed and on its place only: none has to be kept to be compared.</summary>
/// <param name="Seed">Another seed, other bytes.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct Content(ulong Seed, long Length)
{
    private const int Piece = 64 * 1024;

    /// <summary>The bytes from a place on.</summary>
    public void Fill(long offset, Span<byte> bytes)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        for (int done = 0; done < bytes.Length;)
        {
            BitConverter.TryWriteBytes(word, Mix(Seed + (ulong)((offset + done) / sizeof(ulong))));
            ReadOnlySpan<byte> rest = word[(int)((offset + done) % sizeof(ulong))..];
            rest = rest[..Math.Min(rest.Length, bytes.Length - done)];
            rest.CopyTo(bytes[done..]);
            done += rest.Length;
        }
    }

    /// <summary>The bytes of a piece.</summary>
    public byte[] Slice(long offset, int count)
    {
        byte[] bytes = new byte[count];
        Fill(offset, bytes);
        return bytes;
    }

    /// <summary>All of it.</summary>
    public byte[] ToArray() => Slice(0, checked((int)Length));

    /// <summary>The first place at which bytes are not those of the content, counted from the content's beginning; null: they are.</summary>
    public long? FirstDifference(long offset, ReadOnlySpan<byte> bytes)
    {
        Span<byte> expected = new byte[Math.Max(0, Math.Min(bytes.Length, Length - offset))];
        Fill(offset, expected);
        int same = bytes.CommonPrefixLength(expected);
        return same < bytes.Length ? offset + same : null;
    }

    /// <summary>Of all bytes, in hexadecimal digits.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[Piece];
        for (long at = 0; at < Length; at += Piece)
        {
            Span<byte> bytes = piece.AsSpan(0, (int)Math.Min(Piece, Length - at));
            Fill(at, bytes);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // splitmix64: every seed and place gives another word.
    private static ulong Mix(ulong value)
    {
        value *= 0x9e3779b97f4a7c15;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
