using System.Buffers.Binary;
using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Examples;

/// <summary>sharded-by-key-byte.yaml with three shards and clients that cut their requests anywhere.</summary>
public sealed class ShardedByKeyByteTests
{
    private const int Clients = 4;
    private const int RequestsOfOne = 250;

    [Fact(Timeout = 180_000)]
    public async Task EveryRequestReachesItsShardOnceAndItsAnswerComesBackWhole()
    {
        using Shard zero = new(0), one = new(1), two = new(2);
        Shard[] shards = [zero, one, two];
        int port = Ports.Free();
        await using SluiceProcess sluice = await SluiceProcess.StartExampleAsync(
            "sharded-by-key-byte.yaml",
            ("STORE_LISTEN", $"127.0.0.1:{port}"),
            ("SHARD_0_ENDPOINT", zero.Address),
            ("SHARD_1_ENDPOINT", one.Address),
            ("SHARD_2_ENDPOINT", two.Address));

        int sockets = sluice.OpenSockets;
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        byte[][][] requests = [.. Enumerable.Range(0, Clients).Select(client => Draw(client, new Random(seed + client)))];
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => PlayAsync(port, requests[client], new Random(seed + client)))));

        foreach (Shard shard in shards)
        {
            int number = Array.IndexOf(shards, shard);
            string[] expected = [.. requests.SelectMany(all => all).Where(request => ShardOf(request) == number).Select(Convert.ToHexString).Order(StringComparer.Ordinal)];
            Assert.Equal(expected, shard.Requests.Select(Convert.ToHexString).Order(StringComparer.Ordinal));
        }

        await sluice.CountedAsync("no-key", Clients * RequestsOfOne / 10);
        await sluice.CountedAsync("to-shard-1", one.Requests.Count);
        await sluice.CountedAsync("to-shard-2", two.Requests.Count);
        await sluice.CountedAsync("answer", shards.Sum(shard => shard.Requests.Count));
        await sluice.LoggedAsync("-> store -> shard-0", ": completed", "by rule by-key/");
        Assert.Empty(await sluice.ConnectionsAsync(all => all.Length == 0));
        // The one more is the admin endpoint's.
        await Deadline.UntilAsync(() => sluice.OpenSockets <= sockets + 1, () => $"{sluice.OpenSockets} sockets to be {sockets} again");
    }

    // 0xFF where a request has no key.
    private static int ShardOf(byte[] request) => request.Length < 2 ? 0xFF : request[1] switch
    {
        < 0x55 => 0,
        < 0xAA => 1,
        _ => 2,
    };

    private static byte[][] Draw(int client, Random random)
    {
        byte[][] requests = new byte[RequestsOfOne][];
        for (int i = 0; i < requests.Length; i++)
        {
            // Those without a key are dropped.
            requests[i] = new byte[i % 10 == 9 ? random.Next(2) : Shard.Head + (random.Next(10) == 0 ? random.Next(100_000) : random.Next(100))];
            random.NextBytes(requests[i]);
            if (requests[i].Length > 1)
                BinaryPrimitives.WriteInt32BigEndian(requests[i].AsSpan(2), (client * RequestsOfOne) + i);
        }

        return requests;
    }

    private static async Task PlayAsync(int port, byte[][] requests, Random random)
    {
        using Socket socket = await Sockets.DialAsync(Watching.Loopback(port));
        await using var stream = new NetworkStream(socket);
        Task sending = Task.Run(async () =>
        {
            await Shard.SendInPiecesAsync(socket, [.. requests.SelectMany(request => Shard.Message(request))], random);
            socket.SendFin();
        });

        List<int>[] answered = [[], [], []];
        while (await Shard.ReadAsync(stream) is { } answer)
        {
            Assert.All(answer[(1 + sizeof(int))..], filling => Assert.Equal(answer[0], filling));
            answered[answer[0]].Add(BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(1)));
        }

        await sending;
        for (int shard = 0; shard < answered.Length; shard++)
            Assert.Equal(requests.Where(request => ShardOf(request) == shard).Select(request => BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(2))), answered[shard]);
    }
}
