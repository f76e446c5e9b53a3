using Sluice.Redirect.Splicing.Programs;

namespace Sluice.Redirect.Tests.Splicing.Programs;

/// <summary>Messages of the kernel's selftests, and sending and receiving them.</summary>
internal static class Traffic
{
    public static readonly (int Count, int Size)[] One = [(1, 1), (1024, 1), (1, 1024)];
    public static readonly (int Count, int Size)[] Many = [(512, 3), (100, 5)];
    public static readonly (int Count, int Size)[] Large = [(2, 32 * 8192), (64, 8192)];
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

    public static async Task SendAsync(this Psock psock, int count, int size)
    {
        foreach (byte[] message in Messages(count, size))
            Assert.Equal(size, await psock.SendAsync(message));
    }

    /// <summary>Exactly so many bytes, or those before the end of the stream.</summary>
    public static async Task<byte[]> ReceiveAsync(this Psock psock, int count)
    {
        byte[] bytes = new byte[count];
        int have = 0;
        while (have < count && await psock.ReceiveAsync(bytes.AsMemory(have)) is > 0 and var got)
            have += got;
        return bytes[..have];
    }

    /// <summary>Everything to the end of the stream, and how it ended: 0 or minus an errno.</summary>
    public static async Task<(byte[] Bytes, int End)> ReceiveToEndAsync(this Psock psock)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        int got;
        while ((got = await psock.ReceiveAsync(buffer)) > 0)
            all.Write(buffer, 0, got);
        return (all.ToArray(), got);
    }

    /// <summary>Reads to the end and asserts what came and how it ended.</summary>
    public static async Task AssertEndsAsync(this Psock psock, byte[] expected, int end)
    {
        (byte[] bytes, int ended) = await psock.ReceiveToEndAsync();
        Assert.Equal(expected, bytes);
        Assert.Equal(end, ended);
    }
}
