using System.Net.Sockets;
using Sluice.Functional.Stress;
using Sluice.Functional.Wire;

namespace Sluice.Faults;

/// <summary>One direction of a connection whose every byte is known, so that a byte that is wrong is seen at once.</summary>
internal sealed class Transfer(Socket from, Socket to, int offset)
{
    private const int Piece = 64 * 1024;
    private long _sent;
    private long _received;

    /// <summary>Bytes that the receiver has, all of them right.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Bytes that the sender's kernel has taken.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Sends so many bytes and FIN, the FIN at once when told to stop; or until that fails, and says how it ended.</summary>
    /// <param name="bytes">How many in all.</param>
    /// <param name="pause">Milliseconds between two pieces of 64 KiB.</param>
    /// <param name="stop">Ends it before.</param>
    public async Task<Ending> SendAsync(long bytes, int pause = 0, CancellationToken stop = default)
    {
        try
        {
            while (Sent < bytes && !stop.IsCancellationRequested)
            {
                ReadOnlyMemory<byte> piece = Pattern.At(offset, Sent, (int)Math.Min(Piece, bytes - Sent));
                Interlocked.Add(ref _sent, await from.SendAsync(piece, Deadline.Token));
                await Task.Yield(); // many streams share few threads
                if (pause > 0)
                    await Task.Delay(pause, Deadline.Token);
            }

            from.SendFin();
            return Ending.Fin;
        }
        catch (SocketException error) when (error.IsReset)
        {
            return Ending.Rst;
        }
    }

    /// <summary>Receives to the end, whatever its kind.</summary>
    public async Task<Ending> ReceiveAsync()
    {
        byte[] buffer = new byte[Piece];
        try
        {
            while (await to.ReceiveAsync(buffer, Deadline.Token) is > 0 and var count)
            {
                bool isRight = Pattern.At(offset, Received, count).Span.SequenceEqual(buffer.AsSpan(0, count));
                Assert.True(isRight, $"what came is wrong somewhere in the {count} bytes from {Received}");
                Interlocked.Add(ref _received, count);
                await Task.Yield();
            }

            return Ending.Fin;
        }
        catch (SocketException error) when (error.IsReset)
        {
            return Ending.Rst;
        }
    }

    /// <summary>Waits until the receiver has so many more bytes.</summary>
    public async Task MoreAsync(long bytes)
    {
        long goal = Received + bytes;
        await Deadline.UntilAsync(() => Received >= goal, () => $"{goal} bytes; {Received} came, {Sent} were sent");
    }
}
