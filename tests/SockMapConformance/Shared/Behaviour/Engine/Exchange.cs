using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Model;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>What most tests do.</summary>
internal static class Exchange
{
    /// <summary>A map of its own with a program, and one socket in it.</summary>
    public static IProgramUnderTest Attach(this ITestbed testbed, End end, AttachType slot, ProgramSpec program, ParserSpec? parser = null)
    {
        IProgramMap map = testbed.NewMap();
        if (parser is not null)
            map.Attach(parser);
        IProgramUnderTest attached = map.Attach(slot, program);
        map.Insert(end);
        return attached;
    }

    public static async Task SendAsync(this ISocketUnderTest socket, int count, int size)
    {
        foreach (byte[] message in Traffic.Messages(count, size))
            Assert.Equal(size, await socket.SendAsync(message));
    }

    /// <summary>Exactly so many bytes, or those before the end of the stream.</summary>
    public static async Task<byte[]> ReceiveAsync(this ISocketUnderTest socket, int count)
    {
        byte[] bytes = new byte[count];
        int have = 0;
        while (have < count && await socket.ReceiveAsync(bytes.AsMemory(have)) is > 0 and var got)
            have += got;
        return bytes[..have];
    }

    /// <summary>Everything before the end of the stream, which must be a FIN.</summary>
    public static async Task<byte[]> ReceiveToEndAsync(this ISocketUnderTest socket)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        int got;
        while ((got = await socket.ReceiveAsync(buffer)) > 0)
            all.Write(buffer, 0, got);
        Assert.Equal(0, got);
        return all.ToArray();
    }

    /// <summary>
    /// Runs the sender to its end, then ends both streams, and gives what has arrived at p1 and at p2 by then. Both read all
    /// the time: neither may hold the sender up.
    /// </summary>
    public static async Task<(byte[] AtP1, byte[] AtP2)> CollectAsync(this ITestbed testbed, Func<ISocketUnderTest, Task> send)
    {
        Task<byte[]> atP1 = testbed[End.P1].ReceiveToEndAsync();
        Task<byte[]> atP2 = testbed[End.P2].ReceiveToEndAsync();
        await send(testbed[End.C1]);
        testbed[End.C1].ShutdownSend();
        byte[] first = await atP1;
        testbed[End.C2].ShutdownSend();
        return (first, await atP2);
    }
}
