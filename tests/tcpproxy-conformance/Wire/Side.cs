using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace TcpProxyConformance.Wire;

/// <summary>
/// One end of a proxied connection. The kernel tells an error once, to whichever call comes first: so every call is made here, and what
/// one has learnt the next one knows. One task may send while another receives.
/// </summary>
internal sealed class Side(Party party, Socket socket, Deadline deadline) : IDisposable
{
    private const int Piece = 64 * 1024;
    private const string Reset = "RST";

    private long _sent;
    private long _received;
    private volatile SocketError _error;
    private volatile bool _hasSentFin;
    private volatile bool _isClosed;

    public Party Party => party;

    public Socket Socket => socket;

    /// <summary>Bytes that the kernel took.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Bytes that came.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>How what comes here ended.</summary>
    public End End { get; private set; }

    /// <summary>For a case that got stuck: what this end has seen.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{party.Name()}: {Sent:N0} bytes sent, {Received:N0} received, {(End == End.None ? "and no end has come" : $"then {End.Name()}")}");

    /// <summary>Sends all; a connection that is gone fails the case.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (await TrySendAsync(bytes) < bytes.Length)
            throw new Failure($"the {party.Name()} can send", $"a send was answered with {Reset}; {this}", "RST in the stream");
    }

    /// <summary>Sends a content, in pieces of at most so many bytes.</summary>
    public Task SendAsync(Content content, int piece = Piece, Random? cuts = null) => SendRestAsync(content, 0, piece, cuts);

    /// <summary>Sends what is left of a content from a place on.</summary>
    public async Task SendRestAsync(Content content, long from, int piece = Piece, Random? cuts = null)
    {
        for (long at = from; at < content.Length;)
        {
            int count = (int)Math.Min(cuts?.Next(1, piece + 1) ?? piece, content.Length - at);
            await SendAsync(content.Slice(at, count));
            at += count;
        }
    }

    /// <summary>Sends as much as the connection takes, and gives how much that was: less than all, when it is reset.</summary>
    public async Task<int> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        int all = bytes.Length;
        try
        {
            while (!bytes.IsEmpty)
            {
                int count = await socket.SendAsync(bytes, deadline.Token);
                Interlocked.Add(ref _sent, count);
                bytes = bytes[count..];
            }
        }
        catch (SocketException error)
        {
            Learn(error.SocketErrorCode);
        }

        return all - bytes.Length;
    }

    /// <summary>Sends until the connection turns out to be reset.</summary>
    public async Task SendUntilResetAsync()
    {
        byte[] bytes = new byte[Piece];
        while (await TrySendAsync(bytes) == bytes.Length)
            await Task.Yield();
    }

    /// <summary>
    /// Sends a content until all of it is taken, or none for <paramref name="still"/>; gives the part that was. Meant for a reader that takes nothing.
    /// </summary>
    public Task<Content> FillAsync(Content content, TimeSpan still) => deadline.SilenceAsync(async () =>
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(5);
        using var tick = new PeriodicTimer(pause);
        socket.Blocking = false;
        long at = 0;
        for (int ticks = 0; at < content.Length && ticks < still / pause; ticks++)
        {
            while (at < content.Length && SendNow(content.Slice(at, (int)Math.Min(Piece, content.Length - at))) is > 0 and var count)
                (at, ticks) = (at + count, 0);
            if (at < content.Length)
                await tick.WaitForNextTickAsync(deadline.Token);
        }

        return content with { Length = at };
    });

    /// <summary>What comes next; 0 when it has ended.</summary>
    public async Task<int> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            int count = await socket.ReceiveAsync(buffer, deadline.Token);
            Interlocked.Add(ref _received, count);
            deadline.Moved();
            if (count == 0)
                End = KindOfEnd();
            return count;
        }
        catch (SocketException error)
        {
            Learn(error.SocketErrorCode);
            End = End.Rst;
            return 0;
        }
    }

    /// <summary>Reads until so many bytes have come; an end before that fails the case.</summary>
    public async Task<byte[]> ReceiveExactlyAsync(int count)
    {
        byte[] bytes = new byte[count];
        for (int have = 0; have < count;)
        {
            int got = await ReceiveAsync(bytes.AsMemory(have));
            if (got == 0)
                throw new Failure($"{count} bytes at the {party.Name()}", $"{have} bytes, then {End.Name()}", $"bytes lost, {End.Name()}");
            have += got;
        }

        return bytes;
    }

    /// <summary>Reads those bytes; others fail the case.</summary>
    public async Task ReceiveAsync(Content content)
    {
        for (long at = 0; at < content.Length;)
        {
            byte[] came = await ReceiveExactlyAsync((int)Math.Min(Piece, content.Length - at));
            if (content.FirstDifference(at, came) is { } wrong)
                throw new Failure($"at the {party.Name()} the {content.Length:N0} bytes that were sent", $"a wrong byte at {wrong:N0}", "wrong bytes");
            at += came.Length;
        }
    }

    /// <summary>Reads to the end, and compares with what was sent.</summary>
    public async Task<Receipt> ReceiveToEndAsync(Content sent, int piece = Piece, Random? cuts = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[piece];
        long bytes = 0;
        long? wrong = null;
        while (await ReceiveAsync(buffer.AsMemory(0, cuts?.Next(1, piece + 1) ?? piece)) is > 0 and var count)
        {
            wrong ??= sent.FirstDifference(bytes, buffer.AsSpan(0, count));
            hash.AppendData(buffer, 0, count);
            bytes += count;
        }

        return new Receipt(bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), wrong, End);
    }

    /// <summary>Reads to the end; anything but the content and then this end fails the case.</summary>
    public async Task<Receipt> ExpectAsync(Content content, End end = End.Fin, int piece = Piece, Random? cuts = null)
    {
        Receipt came = await ReceiveToEndAsync(content, piece, cuts);
        Failure.UnlessSame(party, Receipt.Of(content, end), came);
        return came;
    }

    /// <summary>Completes when the kernel knows of an RST, which nobody has to read or send for.</summary>
    public async Task UntilResetAsync()
    {
        await Deadline.UntilAsync(socket.IsClosed, deadline.Token);
        if (_error == SocketError.Success)
            Learn(socket.TakeError());
    }

    /// <summary>Whether the connection is known to have been reset, by whatever call.</summary>
    public bool WasReset => _error != SocketError.Success;

    public void SendFin()
    {
        _hasSentFin = true;
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException error)
        {
            Learn(error.SocketErrorCode);
            throw new Failure($"the {party.Name()} can send FIN", $"the connection is over; {this}", "RST in the stream");
        }
    }

    /// <summary>Closes with RST.</summary>
    public void SendReset()
    {
        if (_isClosed)
            return;
        socket.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    /// <summary>Closes without telling the other end, as a host does whose power fails. False: this process may not.</summary>
    public bool TryVanish() => _isClosed = socket.TryVanish();

    /// <summary>Closes: with FIN, or with RST where something was left unread.</summary>
    public void Dispose()
    {
        _isClosed = true;
        socket.Dispose();
    }

    // A send may have been told of the RST; to the receive after it that looks like a FIN. EPIPE says that a FIN had come before, and a
    // connection that is over without a FIN of this end has been reset, whoever was told.
    private End KindOfEnd()
    {
        if (_error == SocketError.Success && !_hasSentFin && socket.IsClosed())
            Learn(socket.TakeError() is var pending and not SocketError.Success ? pending : SocketError.ConnectionReset);
        return _error is SocketError.ConnectionReset ? End.Rst : End.Fin;
    }

    private int SendNow(ReadOnlySpan<byte> bytes)
    {
        int count = socket.Send(bytes, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return 0;
        Failure.Unless(error == SocketError.Success, $"the {party.Name()} can send", $"a send was answered with {error}; {this}", "RST in the stream");
        Interlocked.Add(ref _sent, count);
        return count;
    }

    private void Learn(SocketError error)
    {
        if (error is not (SocketError.Success or SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted))
            throw new Failure($"the {party.Name()}'s connection goes on", $"{error}; {this}", error.ToString());
        if (_error == SocketError.Success)
            _error = error;
    }
}
