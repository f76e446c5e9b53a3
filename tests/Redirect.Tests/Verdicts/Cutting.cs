namespace Sluice.Redirect.Tests.Verdicts;

internal static class Cutting
{
    /// <summary>The stream in pieces of the given sizes, over and over.</summary>
    public static IEnumerable<byte[]> Cut(byte[] stream, int[] sizes)
    {
        int at = 0;
        for (int i = 0; at < stream.Length; i = (i + 1) % sizes.Length)
        {
            int size = Math.Min(sizes[i], stream.Length - at);
            yield return stream[at..(at + size)];
            at += size;
        }
    }
}
