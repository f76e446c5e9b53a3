namespace Sluice.Functional.Stress;

/// <summary>The bytes of all streams: random ones that repeat after a prime, so that a shift by any power of two is seen.</summary>
internal static class Pattern
{
    public const int Period = 1_048_573;

    private const int Longest = 512 * 1024;

    private static readonly byte[] Bytes = Create();

    /// <summary>Bytes of a stream, by its offset in the pattern and the position in the stream.</summary>
    public static ReadOnlyMemory<byte> At(int offset, long position, int count) =>
        Bytes.AsMemory((int)((offset + position) % Period), Math.Min(count, Longest));

    private static byte[] Create()
    {
        byte[] bytes = new byte[Period + Longest];
        new Random(42).NextBytes(bytes.AsSpan(0, Period));
        bytes.AsSpan(0, Longest).CopyTo(bytes.AsSpan(Period));
        return bytes;
    }
}
