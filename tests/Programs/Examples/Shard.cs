using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Sluice.Functional.Wire;

namespace Sluice.Programs.Examples;

/// <summary>
/// A server of messages with their length in front: it keeps each it gets and answers with its own number, the request's number
/// and some bytes more, in one to many pieces.
/// </summary>
internal sealed class Shard : IDisposable
{
    /// <summary>Operation, key and the number that the tests give a request.</summary>
    public const int Head = 6;

    private readonly Server _server = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly byte _number;

    public Shard(byte number)
    {
        _number = number;
        Serving = Task.Run(AcceptAsync);
    }

    public string Address => _server.EndPoint.ToString()!;

    /// <summary>The requests' bodies, as they came.</summary>
    public ConcurrentQueue<byte[]> Requests { get; } = new();

    /// <summary>Ends when it is disposed, or with what went wrong.</summary>
    public Task Serving { get; }

    public void Dispose()
    {
        _stop.Cancel();
        _server.Dispose();
        _stop.Dispose();
    }

    /// <summary>The next message's body; null at the end of the stream between two messages.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream)
    {
        byte[] length = new byte[sizeof(uint)];
        int got = await stream.ReadAtLeastAsync(length, length.Length, throwOnEndOfStream: false, Deadline.Token);
        if (got == 0)
            return null;
        Assert.Equal(length.Length, got);
        byte[] body = new byte[BinaryPrimitives.ReadUInt32BigEndian(length)];
        await stream.ReadExactlyAsync(body, Deadline.Token);
        return body;
    }

    /// <summary>Length and body.</summary>
    public static byte[] Message(ReadOnlySpan<byte> body)
    {
        byte[] message = new byte[sizeof(uint) + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(message, (uint)body.Length);
        body.CopyTo(message.AsSpan(sizeof(uint)));
        return message;
    }

    /// <summary>Sends in pieces of random length.</summary>
    public static async Task SendInPiecesAsync(Socket socket, byte[] bytes, Random random)
    {
        for (int from = 0; from < bytes.Length;)
        {
            int count = Math.Min(bytes.Length - from, 1 + random.Next(random.Next(4) == 0 ? 20_000 : 40));
            await socket.SendAllAsync(bytes.AsMemory(from, count));
            from += count;
        }
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(ServeAsync(await _server.AcceptAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var random = new Random(_number);
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        while (await ReadAsync(stream) is { } request)
        {
            Requests.Enqueue(request);
            byte[] answer = new byte[1 + sizeof(uint) + (random.Next(10) == 0 ? random.Next(300_000) : random.Next(200))];
            answer.AsSpan().Fill(_number);
            request.AsSpan(2, sizeof(uint)).CopyTo(answer.AsSpan(1));
            await SendInPiecesAsync(socket, Message(answer), random);
        }

        socket.SendFin();
    }
}
