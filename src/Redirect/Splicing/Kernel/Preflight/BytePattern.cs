namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>The bytes of a trial's stream, which follow from their place in it: what is lost, doubled or out of order shows.</summary>
internal static class BytePattern
{
    // A prime, so that no size of a buffer or segment is a multiple of it.
    private const int Period = 65_521;

    private static readonly byte[] Twice = Create();

    /// <summary>The most bytes that are given at a time.</summary>
    internal const int MostAtOnce = Period;

    /// <summary>Bytes from a place on.</summary>
    internal static ReadOnlySpan<byte> At(long place, int count) => Twice.AsSpan((int)(place % Period), count);

    private static byte[] Create()
    {
        byte[] bytes = new byte[2 * Period];
        new Random(Period).NextBytes(bytes.AsSpan(0, Period));
        bytes.AsSpan(0, Period).CopyTo(bytes.AsSpan(Period));
        return bytes;
    }
}
