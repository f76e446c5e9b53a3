using System.Net.Sockets;
using Sluice.Functional.Wire;

namespace Sluice.Functional;

/// <summary>Bytes are counted as often as they arrive, whoever sends them.</summary>
public sealed class CountTests
{
    private const int Threads = 8;
    private const int Rounds = 60;

    // Each finds room before any other has taken it, and all of them together find too little.
    [Fact(Timeout = 120_000)]
    public async Task ThreadsThatUseUpTheSameRoomAreCountedByWhatWasTaken()
    {
        await using BypassLink link = await BypassLink.OpenAsync(receiveBuffer: 4096);
        long arrived = link.Exchanged;
        for (int round = 0; round < Rounds; round++)
        {
            using var begin = new Barrier(Threads);
            long[] sent = new long[Threads];
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(index => new Thread(() => sent[index] = SendUntilFull(link.Client, begin, seed: (round * Threads) + index)))];
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                thread.Join();
            arrived += sent.Sum();
            await link.Server.ReceiveExactlyAsync((int)sent.Sum());
            await link.ExchangeAsync(() => false, most: 1); // nothing is on its way, and the next round begins past the proxy
            arrived++;
        }

        link.Client.SendFin();
        await link.Server.AssertEndsAsync(default, Ending.Fin);
        link.Server.SendFin();
        await link.Client.AssertEndsAsync(default, Ending.Fin);
        Assert.Equal(arrived, (await link.ResultAsync()).BytesFromClient);
    }

    private static long SendUntilFull(Socket socket, Barrier begin, int seed)
    {
        byte[] message = new byte[48 * 1024];
        var random = new Random(seed);
        long sent = 0;
        begin.SignalAndWait();
        while (true)
        {
            int size = random.Next(1, message.Length);
            int count = socket.Send(message.AsSpan(0, size), SocketFlags.None, out SocketError error);
            sent += error == SocketError.Success ? count : 0;
            if (error == SocketError.WouldBlock || count < size)
                return sent;
            Assert.Equal(SocketError.Success, error);
        }
    }
}
