using System.Diagnostics;
using Sluice.Load.Kernel;

namespace Sluice.Load.Traffic;

/// <summary>
/// Connect, send a message, get it echoed, close; several at a time. The close is a reset, because thousands of
/// TIME_WAITs a second would use up the local ports.
/// </summary>
internal sealed class ConnectRate(int port, int concurrent, int messageSize) : ITraffic
{
    private const int StallMs = 1000;
    private readonly Epoll _epoll = new();
    private readonly Attempt[] _attempts = [.. Enumerable.Range(0, concurrent).Select(i => new Attempt { Phase = i * 17 })];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly ErrorLog _errors = new();
    private readonly LatencyHistogram _latency = new();
    private long _requests;

    public Sample Run(TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            for (int i = 0; i < _attempts.Length; i++)
            {
                if (!_attempts[i].Open)
                    Begin(i);
            }
            int count = _epoll.Wait(StallMs);
            if (count == 0)
                _errors.Add($"nothing happened on {concurrent} connections for {StallMs} ms");
            for (int i = 0; i < count; i++)
                OnEvent(_epoll.TokenAt(i));
        }
        return new Sample(Stopwatch.GetElapsedTime(start), _requests, _requests * messageSize, _latency, _errors);
    }

    public void Dispose()
    {
        foreach (Attempt attempt in _attempts.Where(attempt => attempt.Open))
            attempt.Socket.CloseWithReset();
        _epoll.Dispose();
    }

    private void Begin(int index)
    {
        Attempt attempt = _attempts[index];
        attempt.StartedAt = Stopwatch.GetTimestamp();
        attempt.Received = 0;
        int result = TcpSocket.TryConnect(port, out TcpSocket socket);
        if (result != 0)
        {
            _errors.AddErrno("connect", result);
            return;
        }
        attempt.Socket = socket;
        attempt.Open = true;
        // On loopback the handshake is done when connect returns, so the message can go at once.
        bool sent = TrySend(attempt);
        if (attempt.Open)
            _epoll.Add(socket.Fd, sent ? EpollEvents.In : EpollEvents.Out, index);
    }

    private void OnEvent(int index)
    {
        Attempt attempt = _attempts[index];
        if (!attempt.Open)
            return;
        if (!attempt.Sent)
        {
            if (TrySend(attempt))
                _epoll.Modify(attempt.Socket.Fd, EpollEvents.In, index);
            return;
        }
        int received = attempt.Socket.Receive(_buffer);
        if (received == TcpSocket.WouldBlock)
            return;
        if (received <= 0)
            Fail(attempt, received);
        else if (!Pattern.Matches(attempt.Phase + attempt.Received, _buffer.AsSpan(0, received)))
            Fail(attempt, 0, "echo differs from what was sent");
        else if ((attempt.Received += received) == messageSize)
            Complete(attempt);
    }

    private bool TrySend(Attempt attempt)
    {
        int sent = attempt.Socket.Send(Pattern.Slice(attempt.Phase, messageSize));
        attempt.Sent = sent == messageSize;
        if (!attempt.Sent && sent != TcpSocket.WouldBlock)
            Fail(attempt, sent);
        return attempt.Sent;
    }

    private void Complete(Attempt attempt)
    {
        attempt.Socket.CloseWithReset();
        attempt.Open = false;
        _latency.Record(Stopwatch.GetElapsedTime(attempt.StartedAt));
        _requests++;
    }

    private void Fail(Attempt attempt, int result, string? what = null)
    {
        if (result < 0)
            _errors.AddErrno("connect-request-close", result);
        else
            _errors.Add(what ?? "closed before the echo was complete");
        attempt.Socket.CloseWithReset();
        attempt.Open = false;
    }

    private sealed class Attempt
    {
        public required int Phase { get; init; }

        public TcpSocket Socket { get; set; }

        public bool Open { get; set; }

        public bool Sent { get; set; }

        public int Received { get; set; }

        public long StartedAt { get; set; }
    }
}
