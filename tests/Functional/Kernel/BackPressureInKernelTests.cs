using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Functional;

/// <summary>Readers that do not read: what they cost, and that nobody else waits for them.</summary>
public sealed class BackPressureInKernelTests
{
    // Whatever net.ipv4.tcp_rmem allows: the proxy's own sockets have buffers of a fixed size.
    private const long MostBytes = 16L * 1024 * 1024;

    [Theory(Timeout = 120_000)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(64 * 1024)]
    public async Task AReaderThatReadsNothingCostsBoundedMemory(int piece)
    {
        await using KernelLink link = await KernelLink.OpenAsync(receiveBuffer: 64 * 1024);
        long before = SocketMemory();
        long sent = await link.Client.FillAsync(piece);
        long kept = SocketMemory() - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"{sent} bytes sent, {kept} bytes of memory");
        Assert.InRange(sent, 1, MostBytes);
        Assert.InRange(kept, long.MinValue, 2 * MostBytes);
        Assert.Equal(DataPath.Copy, link.Pair.PathFromClient);

        link.Client.SendFin();
        (byte[] bytes, Ending ending) = await link.Server.ReceiveToEndAsync();
        Assert.Equal((sent, Ending.Fin), (bytes.Length, ending));
    }

    /// <summary>
    /// What arrives at a socket and is passed queues behind what is redirected to it. If that ever waits for its reader, the
    /// other direction stands still as well, and two ends that write before they read wait for each other.
    /// </summary>
    [Theory(Timeout = 120_000)]
    [InlineData(64 * 1024, 512 * 1024)]
    [InlineData(64 * 1024, 64 * 1024)]
    [InlineData(1000, 512 * 1024)]
    [InlineData(10, 64 * 1024)]
    [InlineData(1, 64 * 1024)]
    public async Task TheOtherDirectionGoesOnWhileAReaderReadsNothing(int piece, int window)
    {
        await using KernelLink link = await KernelLink.OpenAsync(new OffloadOptions { Window = window }, receiveBuffer: 16 * 1024);
        // Two links at a time, so that the pieces of one do not lie next to each other in memory.
        await using KernelLink second = await KernelLink.OpenAsync(new OffloadOptions { Window = window }, receiveBuffer: 16 * 1024);
        long[] sent = await FillInTurnsAsync([link.Server, second.Server], piece);
        byte[] message = new byte[4 * 1024 * 1024];
        new Random(piece).NextBytes(message);
        Task sending = link.Client.SendAllAsync(message);
        Assert.Equal(message, await link.Server.ReceiveExactlyAsync(message.Length).OrHung("the direction that somebody reads"));
        await sending;

        link.Server.SendFin();
        link.Client.SendFin();
        (byte[] bytes, Ending ending) = await link.Client.ReceiveToEndAsync();
        Assert.Equal((sent[0], Ending.Fin), (bytes.Length, ending));
        Assert.Equal(EndReason.Completed, (await link.ResultAsync()).Reason);
    }

    [Fact(Timeout = 120_000)]
    public async Task AReaderThatStopsAndGoesOnTakesTheStreamOutOfTheKernelAndBack()
    {
        await using KernelLink link = await KernelLink.OpenAsync();
        for (int round = 0; round < 20; round++)
        {
            long sent = await link.Client.FillAsync(pauses: 2);
            Assert.Equal(DataPath.Copy, link.Pair.PathFromClient);
            byte[] bytes = await link.Server.ReceiveExactlyAsync((int)sent);
            Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)0));
            await BackInKernelAsync(link);
        }

        Assert.InRange(link.Engine.Counters.Demotions, 20, long.MaxValue);
    }

    // It goes back with a byte that arrives after all others were taken; a few times it may be told to wait.
    private static async Task BackInKernelAsync(KernelLink link)
    {
        for (int i = 0; i < 5000 && link.Pair.PathFromClient != DataPath.Sockmap; i++)
        {
            await link.Client.SendAllAsync("x"u8.ToArray());
            Assert.Equal("x"u8.ToArray(), await link.Server.ReceiveExactlyAsync(1));
        }

        Assert.Equal(DataPath.Sockmap, link.Pair.PathFromClient);
    }

    private static async Task<long[]> FillInTurnsAsync(Socket[] sockets, int size)
    {
        byte[] piece = new byte[size];
        long[] sent = new long[sockets.Length];
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        foreach (Socket socket in sockets)
            socket.Blocking = false;
        for (int full = 0; full < 10; full++)
        {
            for (bool all = false; !all;)
            {
                all = true;
                for (int i = 0; i < sockets.Length; i++)
                {
                    int count = sockets[i].Send(piece, SocketFlags.None, out SocketError error);
                    if (error != SocketError.Success)
                        continue;
                    sent[i] += count;
                    all = false;
                    full = 0;
                }
            }

            await tick.WaitForNextTickAsync(Deadline.Token);
        }

        return sent;
    }

    // Pages that TCP has for all its sockets, in bytes.
    private static long SocketMemory()
    {
        string[] words = File.ReadLines("/proc/net/sockstat").First(line => line.StartsWith("TCP:", StringComparison.Ordinal)).Split(' ');
        return long.Parse(words[Array.IndexOf(words, "mem") + 1]) * Environment.SystemPageSize;
    }
}
