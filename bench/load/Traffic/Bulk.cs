using System.Buffers.Binary;
using System.Diagnostics;
using Sluice.Load.Kernel;

namespace Sluice.Load.Traffic;

/// <summary>
/// Streams that send as fast as they can. Each ends with a half-close, upon which the sink answers with the number of
/// bytes it got: the time counts until the last answer, so only delivered bytes count.
/// </summary>
internal sealed class Bulk : ITraffic
{
    private const int Chunk = 256 * 1024;
    private const int StallMs = 2000;
    private readonly Epoll _epoll = new();
    private readonly TcpSocket[] _sockets;
    private readonly long[] _sent;
    private readonly ErrorLog _errors = new();
    private long _confirmed;
    private int _pending;

    public Bulk(int port, int streams)
    {
        _sent = new long[streams];
        _sockets = new TcpSocket[streams];
        for (int i = 0; i < streams; i++)
        {
            _sockets[i] = Dialling.Connect(port);
            _epoll.Add(_sockets[i].Fd, EpollEvents.Out, i);
        }
        _pending = streams;
    }

    public Sample Run(TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        bool sending = true;
        while (_pending > 0)
        {
            if (sending && Stopwatch.GetElapsedTime(start) >= duration)
            {
                sending = false;
                FinishSending();
            }
            int count = _epoll.Wait(StallMs);
            if (count == 0)
            {
                _errors.Add($"no progress on {_pending} stream(s) for {StallMs} ms");
                break;
            }
            for (int i = 0; i < count; i++)
                OnEvent(_epoll.TokenAt(i), sending);
        }
        return new Sample(Stopwatch.GetElapsedTime(start), 0, _confirmed, null, _errors);
    }

    public void Dispose()
    {
        foreach (TcpSocket socket in _sockets.Where(socket => socket.Fd >= 0))
            socket.Close();
        _epoll.Dispose();
    }

    private void FinishSending()
    {
        for (int i = 0; i < _sockets.Length; i++)
        {
            if (_sockets[i].Fd < 0)
                continue;
            _sockets[i].ShutdownWrite();
            _epoll.Modify(_sockets[i].Fd, EpollEvents.In, i);
        }
    }

    private void OnEvent(int index, bool sending)
    {
        if (sending)
            SendMore(index);
        else
            ReadCount(index);
    }

    private void SendMore(int index)
    {
        int sent = _sockets[index].Send(Pattern.Slice(Phase(index) + _sent[index], Chunk));
        if (sent > 0)
            _sent[index] += sent;
        else if (sent != TcpSocket.WouldBlock)
            End(index, $"stream cut after {_sent[index]} bytes (errno {-sent})");
    }

    private void ReadCount(int index)
    {
        Span<byte> answer = stackalloc byte[sizeof(long)];
        int received = _sockets[index].Receive(answer);
        if (received == TcpSocket.WouldBlock)
            return;
        long count = received == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(answer) : -1;
        if (count == _sent[index])
            _confirmed += count;
        End(index, count == _sent[index] ? null
            : received != sizeof(long) ? $"no answer after the half-close (received {received})"
            : count < 0 ? "the sink saw bytes that were not sent"
            : $"the sink got {count} of {_sent[index]} bytes");
    }

    private void End(int index, string? error)
    {
        if (error is not null)
            _errors.Add(error);
        _sockets[index].Close();
        _sockets[index] = new TcpSocket(-1);
        _pending--;
    }

    private static int Phase(int index) => index * 17;
}
