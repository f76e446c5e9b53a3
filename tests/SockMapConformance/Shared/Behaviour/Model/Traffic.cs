namespace Sluice.SockMapConformance.Model;

/// <summary>The messages of the kernel's selftests (tools/testing/selftests/bpf/test_sockmap.c).</summary>
internal static class Traffic
{
    public static readonly (int Count, int Size)[] One = [(1, 1), (1024, 1), (1, 1024)];
    public static readonly (int Count, int Size)[] Many = [(512, 3), (100, 5)];
    public static readonly (int Count, int Size)[] Large = [(2, 32 * 8192)];
    public static readonly (int Count, int Size)[] All = [.. One, .. Many, .. Large];

    /// <summary>Bytes that are never 0 and tell where they were.</summary>
    public static byte[] Content(long offset, int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
            bytes[i] = (byte)(1 + ((offset + i) % 251));
        return bytes;
    }

    public static IEnumerable<byte[]> Messages(int count, int size) =>
        Enumerable.Range(0, count).Select(i => Content((long)i * size, size));

    public static byte[] Whole(int count, int size) => Content(0, count * size);
}
