using System.Net.Sockets;
using Sluice.Functional.Wire;

namespace Sluice.Functional.Stress;

/// <summary>
/// One direction of a connection: what one end sends and the other receives. Each byte is compared as it comes, so that a
/// failure says where, and nothing may come that was not sent.
/// </summary>
internal sealed class Way(string name, Socket from, Socket to, End sender, End receiver, Random random)
{
    private readonly Random _sending = new(random.Next());
    private readonly Random _receiving = new(random.Next());
    private readonly byte[] _buffer = new byte[receiver.MaxReceive];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _allReceived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sent;
    private long _received;
    private volatile bool _mayEnd;

    /// <summary>Completes when the receiver has seen the end, whatever its kind.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completes when the receiver has all bytes.</summary>
    public Task AllReceived => _allReceived.Task;

    /// <summary>Whether an end of it has learnt of an RST.</summary>
    public bool WasReset { get; private set; }

    /// <summary>Whether one of its ends resets the connection.</summary>
    public bool MayBeReset { get; init; }

    /// <summary>One byte in so many writes is sent as urgent; 0 for none.</summary>
    public int Urgent { get; init; }

    /// <summary>The size of the next message of a conversation; 0 when there are no bytes left.</summary>
    public int NextMessage(Random random) => random.Next((int)Math.Min(sender.Bytes - _sent, 60L * sender.MaxSend) + 1);

    /// <summary>Sends what is left of the stream.</summary>
    public Task SendAllAsync() => SendAsync((int)(sender.Bytes - _sent));

    /// <summary>Sends the next bytes of the stream.</summary>
    public async Task SendAsync(int count)
    {
        try
        {
            for (long end = _sent + count; _sent < end;)
            {
                int size = (int)Math.Min(end - _sent, _sending.Next(1, sender.MaxSend + 1));
                bool isUrgent = Urgent > 0 && _sending.Next(Urgent) == 0;
                ReadOnlyMemory<byte> bytes = Pattern.At(sender.Offset, _sent, isUrgent ? 1 : size);
                Interlocked.Add(ref _sent, bytes.Length); // before it can arrive
                for (ReadOnlyMemory<byte> left = bytes; !left.IsEmpty;)
                    left = left[await from.SendAsync(left, isUrgent ? SocketFlags.OutOfBand : SocketFlags.None, Deadline.Token)..];
                await PauseAsync(_sending, sender.SendPauses);
            }
        }
        catch (SocketException error) when (MayBeReset && error.IsReset)
        {
            WasReset = true;
        }
    }

    /// <summary>Sends FIN. From now on the receiver may see the end.</summary>
    public void Finish()
    {
        _mayEnd = true;
        try
        {
            from.SendFin();
        }
        catch (SocketException) when (MayBeReset)
        {
            WasReset = true;
        }
    }

    /// <summary>Receives the next bytes of the stream, no more.</summary>
    public async Task ReceiveAsync(long count)
    {
        for (long end = _received + count; _received < end;)
        {
            if (!await ReceiveOnceAsync((int)Math.Min(end - _received, _buffer.Length)))
                throw new EndOfStreamException($"{this}: an end before {end}");
        }
    }

    /// <summary>Receives to the end.</summary>
    public async Task ReceiveAllAsync()
    {
        try
        {
            CheckAll();
            while (await ReceiveOnceAsync(_receiving.Next(1, _buffer.Length + 1)))
                await PauseAsync(_receiving, receiver.ReceivePauses);
            // A socket tells of an RST once, and that may have been to a send.
            if (!MayBeReset)
                Assert.True(_mayEnd && _received == sender.Bytes, $"{this}: ended too early");
        }
        catch (SocketException error) when (MayBeReset && error.IsReset)
        {
            WasReset = true;
        }
        finally
        {
            _ended.TrySetResult();
            _allReceived.TrySetResult();
        }
    }

    public override string ToString() => $"{name}: {Volatile.Read(ref _sent)} of {sender.Bytes} sent, FIN {_mayEnd}, {_received} received, ended {Ended.IsCompleted}";

    private async Task<bool> ReceiveOnceAsync(int most)
    {
        int count = await to.ReceiveAsync(_buffer.AsMemory(0, most), Deadline.Token);
        if (count == 0)
            return false;

        Assert.True(_received + count <= Volatile.Read(ref _sent), $"{this}: {count} bytes more than were sent");
        ReadOnlySpan<byte> expected = Pattern.At(sender.Offset, _received, count).Span;
        int same = expected.CommonPrefixLength(_buffer.AsSpan(0, count));
        Assert.True(same == count, $"{this}: byte {_received + same} is wrong");
        Volatile.Write(ref _received, _received + count);
        CheckAll();
        return true;
    }

    private void CheckAll()
    {
        if (_received >= sender.Bytes)
            _allReceived.TrySetResult();
    }

    private static async ValueTask PauseAsync(Random random, int oneIn)
    {
        if (oneIn == 0 || random.Next(oneIn) != 0)
            return;
        for (int yields = random.Next(60); yields > 0; yields--)
            await Task.Yield();
    }
}
