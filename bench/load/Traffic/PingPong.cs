using System.Diagnostics;
using Sluice.Load.Kernel;

namespace Sluice.Load.Traffic;

/// <summary>Connections that each send a message, wait for its echo, and send the next.</summary>
internal sealed class PingPong : ITraffic
{
    private const int StallMs = 1000;
    private readonly Epoll _epoll = new();
    private readonly Stream[] _streams;
    private readonly int _size;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly ErrorLog _errors = new();
    private readonly LatencyHistogram _latency = new();
    private int _open;
    private long _requests;

    public PingPong(int port, int connections, int messageSize)
    {
        _size = messageSize;
        _streams = new Stream[connections];
        for (int i = 0; i < connections; i++)
        {
            _streams[i] = new Stream { Socket = Dialling.Connect(port), Phase = i * 17 };
            _epoll.Add(_streams[i].Socket.Fd, EpollEvents.In, i);
        }
        _open = connections;
    }

    public Sample Run(TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (Stream stream in _streams)
            SendNext(stream);
        while (_open > 0 && Stopwatch.GetElapsedTime(start) < duration)
        {
            int count = _epoll.Wait(StallMs);
            if (count == 0)
                _errors.Add($"no echo on any of {_open} connections for {StallMs} ms");
            for (int i = 0; i < count; i++)
                OnReadable(_streams[_epoll.TokenAt(i)]);
        }
        return new Sample(Stopwatch.GetElapsedTime(start), _requests, _requests * _size, _latency, _errors);
    }

    public void Dispose()
    {
        foreach (Stream stream in _streams.Where(stream => stream.Open))
            stream.Socket.Close();
        _epoll.Dispose();
    }

    private void OnReadable(Stream stream)
    {
        int received = stream.Socket.Receive(_buffer);
        if (received == TcpSocket.WouldBlock)
            return;
        if (received <= 0)
            Fail(stream, received == 0 ? "connection closed by the other side" : null, received);
        else if (!Pattern.Matches(stream.Phase + stream.Received, _buffer.AsSpan(0, received)))
            Fail(stream, "echo differs from what was sent", 0);
        else
            OnEcho(stream, received);
    }

    private void OnEcho(Stream stream, int count)
    {
        stream.Received += count;
        if (stream.Received < stream.Due)
        {
            // A message that did not fit the send buffer goes on when some of its echo shows that there is room.
            if (stream.Sent < stream.Due)
                SendRest(stream);
            return;
        }
        _requests++;
        _latency.Record(Stopwatch.GetElapsedTime(stream.SentAt));
        SendNext(stream);
    }

    private void SendNext(Stream stream)
    {
        stream.SentAt = Stopwatch.GetTimestamp();
        stream.Due += _size;
        SendRest(stream);
    }

    private void SendRest(Stream stream)
    {
        int sent = stream.Socket.Send(Pattern.Slice(stream.Phase + stream.Sent, (int)(stream.Due - stream.Sent)));
        if (sent > 0)
            stream.Sent += sent;
        else if (sent != TcpSocket.WouldBlock)
            Fail(stream, null, sent);
    }

    private void Fail(Stream stream, string? what, int negativeErrno)
    {
        if (what is null)
            _errors.AddErrno("ping-pong", negativeErrno);
        else
            _errors.Add(what);
        stream.Open = false;
        stream.Socket.Close();
        _open--;
    }

    private sealed class Stream
    {
        public bool Open { get; set; } = true;

        public required TcpSocket Socket { get; init; }

        public required int Phase { get; init; }

        public long Due { get; set; }

        public long Sent { get; set; }

        public long Received { get; set; }

        public long SentAt { get; set; }
    }
}
