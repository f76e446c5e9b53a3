using System.Net.Sockets;
using System.Security.Cryptography;
using Sluice.Functional.Wire;

namespace Sluice.Functional.Scenarios;

/// <summary>Plays one side's script on a socket.</summary>
internal sealed class Player(string name, Script script, Socket socket, Script others, List<Player> ends)
{
    private readonly Random _sending = new(script.Seed ^ 0x5eed);
    private readonly Random _receiving = new(script.Seed ^ 0x0dd);
    private readonly TaskCompletionSource _firstByte = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _incomingEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _receivedAll = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _expected = Content.Of(others);
    private long _received;
    private long? _wrong;
    private volatile bool _didReset;
    private volatile bool _wasReset;

    /// <summary>Whether this side ended the connection by RST; what it saw of the other until then is a matter of timing.</summary>
    public bool HasReset => _didReset;

    /// <summary>Whose end it was and of which kind; once played. The kind may be learnt by a write after the last read.</summary>
    public string End => $"{name} {Kind}";

    private Ending Kind => _wasReset ? Ending.Rst : Ending.Fin;

    /// <summary>Plays to the end of both directions.</summary>
    public async Task<Seen> PlayAsync(Player other)
    {
        if (script.SendBuffer > 0)
            socket.SendBufferSize = script.SendBuffer;
        if (script.ReceiveBuffer > 0)
            socket.ReceiveBufferSize = script.ReceiveBuffer;

        Task<string> receiving = Task.Run(() => ReceiveAsync(other));
        await Task.Run(() => SendAsync(other));
        string hash = await receiving;
        return _didReset ? Seen.Nothing with { Wrong = _wrong }
            : others.Finish == Finish.RstInMidstream ? Seen.Nothing with { Wrong = _wrong, Ending = Kind }
            : new Seen(_received, hash, Kind) { Wrong = _wrong };
    }

    private async Task SendAsync(Player other)
    {
        try
        {
            await (script.Start switch
            {
                Start.AfterFirstByte => _firstByte.Task,
                Start.AfterFin => _incomingEnded.Task,
                _ => Task.CompletedTask,
            }).OrHung($"the {name}'s turn to send");
            await SendAllAsync();
            await FinishAsync(other);
        }
        catch (SocketException error) when (error.IsReset || error.SocketErrorCode == SocketError.NotConnected)
        {
            _wasReset = true;
        }
    }

    private async Task SendAllAsync()
    {
        ReadOnlyMemory<byte> left = Content.Of(script).AsMemory(0, script.Finish == Finish.RstInMidstream ? script.Bytes / 2 : script.Bytes);
        while (!left.IsEmpty)
        {
            int chunk = Math.Min(left.Length, _sending.Next(1, script.MaxSend + 1));
            left = left[await socket.SendAsync(left[..chunk], Deadline.Token)..];
            await PauseAsync(_sending);
        }
    }

    private async Task FinishAsync(Player other)
    {
        if (script.Finish == Finish.FinAfterFin)
            await _incomingEnded.Task.OrHung($"the end of what the {name} receives");
        if (script.Finish == Finish.RstWhenDelivered)
            await other._receivedAll.Task.OrHung($"all {script.Bytes} bytes of the {name} to arrive; {other._received} did");

        switch (script.Finish)
        {
            case Finish.Fin or Finish.FinAfterFin:
                socket.SendFin();
                break;
            case Finish.RstWhenDelivered or Finish.RstAtOnce or Finish.RstInMidstream:
                _didReset = true;
                socket.Reset();
                break;
        }
    }

    private async Task<string> ReceiveAsync(Player other)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[script.MaxReceive];
        try
        {
            Arrived([]);
            if (script.Holds)
                await other._receivedAll.Task.OrHung($"all {script.Bytes} bytes of the {name}, who holds, to arrive; {other._received} did");
            while (await socket.ReceiveAsync(buffer.AsMemory(0, _receiving.Next(1, buffer.Length + 1)), Deadline.Token) is > 0 and var got)
            {
                hash.AppendData(buffer, 0, got);
                Arrived(buffer.AsSpan(0, got));
                if (script.Stall > 0 && _received >= others.Bytes / 2 && _received - got < others.Bytes / 2)
                    await Task.Delay(script.Stall, Deadline.Token);
                await PauseAsync(_receiving);
            }
        }
        catch (SocketException error) when (error.IsReset)
        {
            _wasReset = true;
        }
        catch (Exception error) when (_didReset && error is SocketException or ObjectDisposedException)
        {
            // Our own reset took the socket away.
        }

        Ended();
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private void Arrived(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> expected = _expected.AsSpan((int)Math.Min(_received, _expected.Length));
        int same = bytes.CommonPrefixLength(expected);
        if (same < bytes.Length)
            _wrong ??= _received + same;
        Volatile.Write(ref _received, _received + bytes.Length);
        if (!bytes.IsEmpty)
            _firstByte.TrySetResult();
        if (_received >= others.Bytes)
            _receivedAll.TrySetResult();
    }

    private void Ended()
    {
        lock (ends)
            ends.Add(this);

        _incomingEnded.TrySetResult();
        _firstByte.TrySetResult();
    }

    private async ValueTask PauseAsync(Random random)
    {
        if (script.Pauses == 0 || random.Next(script.Pauses) != 0)
            return;
        for (int yields = random.Next(50); yields > 0; yields--)
            await Task.Yield();
    }
}
