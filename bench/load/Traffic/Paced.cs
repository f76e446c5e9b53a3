using System.Buffers.Binary;
using System.Diagnostics;
using Sluice.Load.Kernel;

namespace Sluice.Load.Traffic;

/// <summary>
/// One stream whose sender is slower than any proxy: a piece each millisecond. What differs is the CPU time that carrying it takes. It ends as
/// <see cref="Bulk"/> does, with the sink's count.
/// </summary>
internal sealed class Paced : ITraffic
{
    private const int StallMs = 2000;
    private readonly Epoll _epoll = new();
    private readonly ErrorLog _errors = new();
    private readonly TcpSocket _socket;
    private readonly int _perMillisecond;

    public Paced(int port, int perMillisecond)
    {
        _perMillisecond = perMillisecond;
        _socket = Dialling.Connect(port);
        _epoll.Add(_socket.Fd, EpollEvents.None, 0);
    }

    public Sample Run(TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        long sent = 0;
        for (TimeSpan elapsed = default; elapsed < duration; elapsed = Stopwatch.GetElapsedTime(start))
        {
            long behind = ((long)elapsed.TotalMilliseconds * _perMillisecond) - sent;
            int result = behind > 0 ? _socket.Send(Pattern.Slice(sent, (int)Math.Min(behind, Pattern.LargestChunk))) : TcpSocket.WouldBlock;
            if (result > 0)
            {
                sent += result;
            }
            else if (result == TcpSocket.WouldBlock)
            {
                _ = _epoll.Wait(1);
            }
            else
            {
                _errors.AddErrno($"stream cut after {sent} bytes", result);
                break;
            }
        }

        _socket.ShutdownWrite();
        return new Sample(Stopwatch.GetElapsedTime(start), 0, Confirmed(sent), null, _errors);
    }

    public void Dispose()
    {
        _socket.Close();
        _epoll.Dispose();
    }

    private long Confirmed(long sent)
    {
        _epoll.Modify(_socket.Fd, EpollEvents.In, 0);
        Span<byte> answer = stackalloc byte[sizeof(long)];
        int received = _epoll.Wait(StallMs) == 0 ? TcpSocket.WouldBlock : _socket.Receive(answer);
        if (received == sizeof(long) && BinaryPrimitives.ReadInt64LittleEndian(answer) == sent)
            return sent;
        _errors.Add($"the sink did not confirm {sent} bytes (received {received})");
        return 0;
    }
}
