using System.Net.Sockets;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>
/// One end of a trial's connection, as an application would have it, with blocking calls on the preflight's thread. What it
/// receives must be what the other end has sent, or <see cref="CheckFailedException"/> tells the difference.
/// </summary>
internal sealed class StreamEnd : IDisposable
{
    // Nothing here takes a tenth of a second; but on a machine that starts much at once a thread may wait for its turn, and a trial
    // that is given up keeps the kernel's path off until the next start.
    internal const int PatienceMilliseconds = 5000;

    // On a busy machine the kernel's worker may wait for a processor that a sender keeps, and nothing stops the sender until it has run
    // (docs/decisions/0012). More than this is sent in steps, with time for the worker between them.
    private const int SentAtOnce = 8 * 1024 * 1024;
    private const int Step = 1024 * 1024;
    private const int PauseMicroseconds = 20_000;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[BytePattern.MostAtOnce];

    internal StreamEnd(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _socket.SendTimeout = _socket.ReceiveTimeout = PatienceMilliseconds;
    }

    /// <summary>What the kernel says of bytes that have arrived and were not received (FIONREAD).</summary>
    internal int Waiting => _socket.Available;

    internal long Sent { get; private set; }

    internal long Received { get; private set; }

    /// <summary>Makes the descriptor a non-blocking one, for good; the calls here go on as if they blocked.</summary>
    internal StreamEnd WithoutBlocking()
    {
        _socket.Blocking = false;
        _socket.Blocking = true;
        return this;
    }

    internal void Send(int count)
    {
        for (int left = count; left > 0;)
        {
            int sent = _socket.Send(Next(left), SocketFlags.None, out SocketError error);
            Expect(error == SocketError.Success, $"a send failed with {error} after {Sent} bytes");
            left -= sent;
            Sent += sent;
        }
    }

    internal void Receive(long count)
    {
        for (long left = count; left > 0;)
        {
            int got = _socket.Receive(_buffer.AsSpan(0, (int)Math.Min(left, _buffer.Length)), SocketFlags.None, out SocketError error);
            Expect(error == SocketError.Success, error is SocketError.TimedOut or SocketError.WouldBlock
                ? $"{left} bytes did not arrive within {PatienceMilliseconds} ms, after {Received} bytes"
                : $"a receive failed with {error} after {Received} bytes");
            Expect(got > 0, $"the stream ended after {Received} bytes, {left} too early");
            Expect(_buffer.AsSpan(0, got).SequenceEqual(BytePattern.At(Received, got)), $"other bytes arrived than were sent, after {Received} bytes");
            left -= got;
            Received += got;
        }
    }

    /// <summary>
    /// Sends until there has been no room for <paramref name="quietMilliseconds"/>, or <paramref name="isEnough"/>. Room for more
    /// than <paramref name="most"/> bytes is a failure: nobody stops the sender.
    /// </summary>
    internal void SendUntilFull(long most, int quietMilliseconds, Func<bool> isEnough)
    {
        _socket.Blocking = false;
        for (long before = Sent, pause = before + SentAtOnce; !isEnough();)
        {
            if (Sent >= pause)
            {
                _ = _socket.Poll(PauseMicroseconds, SelectMode.SelectError);
                pause = Sent + Step;
            }

            int sent = _socket.Send(Next(BytePattern.MostAtOnce), SocketFlags.None, out SocketError error);
            Expect(error is SocketError.Success or SocketError.WouldBlock, $"a send failed with {error} after {Sent} bytes");
            if (error == SocketError.WouldBlock && !_socket.Poll(quietMilliseconds * 1000, SelectMode.SelectWrite))
                break;
            Sent += Math.Max(0, sent);
            Expect(Sent - before <= most, $"{Sent - before} bytes were taken although nobody reads");
        }

        _socket.Blocking = true;
    }

    /// <summary>Waits until something can be received, an end included.</summary>
    internal void AwaitArrival() =>
        Expect(_socket.Poll(PatienceMilliseconds * 1000, SelectMode.SelectRead), $"nothing arrived within {PatienceMilliseconds} ms");

    internal void SendFin() => _socket.Shutdown(SocketShutdown.Send);

    internal void ExpectFin()
    {
        int got = _socket.Receive(_buffer, SocketFlags.None, out SocketError error);
        Expect(error == SocketError.Success && got == 0, got > 0 ? $"{got} bytes too many arrived" : $"{error} in place of the stream's end");
    }

    internal void SendReset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    internal void ExpectReset()
    {
        int got = _socket.Receive(_buffer, SocketFlags.None, out SocketError error);
        Expect(error == SocketError.ConnectionReset, error == SocketError.Success
            ? got > 0 ? $"{got} bytes in place of a reset" : "an ordinary end in place of a reset"
            : $"{error} in place of a reset");
    }

    public void Dispose() => _socket.Dispose();

    private static void Expect(bool isAsItMust, string finding)
    {
        if (!isAsItMust)
            throw new CheckFailedException(finding);
    }

    private ReadOnlySpan<byte> Next(int most) => BytePattern.At(Sent, Math.Min(most, BytePattern.MostAtOnce));
}
