using Sluice.Redirect.Maps;
using Sluice.Redirect.Splicing.Programs;
using Sluice.Redirect.Tests.Verdicts;
using Sluice.Redirect.Verdicts;
using Sluice.SockMapConformance.Model;

namespace Sluice.Redirect.Tests.Splicing.Programs;

/// <summary>What most tests of psocks do.</summary>
internal static class Exchange
{
    /// <summary>Puts a socket into a map that has the program.</summary>
    public static SockMap Attach(
        this Topology topology, uint name, AttachType slot, Func<Message, Verdict> program, Func<Message, int>? parser = null)
    {
        SockMap map = Topology.NewMap();
        if (parser is not null)
            Assert.Equal(Errno.None, map.Attach(AttachType.SkSkbStreamParser, new Parser(parser)));
        Assert.Equal(Errno.None, map.Attach(slot, new Program(program)));
        Assert.Equal(Errno.None, map.Update(0, topology.Socket(name)));
        return map;
    }

    public static async Task SendAsync(this Psock psock, int count, int size)
    {
        foreach (byte[] message in Traffic.Messages(count, size))
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
