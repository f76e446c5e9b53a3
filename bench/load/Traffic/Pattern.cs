namespace Sluice.Load.Traffic;

/// <summary>
/// The content of every stream: byte number n is (phase + n) mod 251. The period is prime, so that lost, repeated or
/// reordered bytes shift it, and each stream's phase differs, so that bytes of another stream show.
/// </summary>
internal static class Pattern
{
    public const int LargestChunk = 256 * 1024;
    private const int Period = 251;
    private static readonly byte[] Bytes = Make();

    /// <summary>The bytes of a stream from <paramref name="position"/> (phase included) on.</summary>
    public static ReadOnlySpan<byte> Slice(long position, int length) => Bytes.AsSpan((int)(position % Period), length);

    /// <summary>Checks the ends of a received chunk (not empty): as cheap as a check can be, and a shifted stream fails it.</summary>
    public static bool Matches(long position, ReadOnlySpan<byte> chunk) =>
        chunk[0] == position % Period && chunk[^1] == (position + chunk.Length - 1) % Period;

    private static byte[] Make()
    {
        byte[] bytes = new byte[LargestChunk + Period];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(i % Period);
        return bytes;
    }
}
