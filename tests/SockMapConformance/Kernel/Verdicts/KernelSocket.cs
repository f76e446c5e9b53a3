using System.Net;
using System.Net.Sockets;
using Sluice.Redirect;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>An application's socket. Waiting for it takes a thread.</summary>
internal sealed class KernelSocket : ISocketUnderTest, IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // More than the largest message, so that each is one for a program as well, and a parser can wait for all of it.
    private const int BufferBytes = 4 << 20;
    private const int DontWait = 0x40; // MSG_DONTWAIT
    private static readonly SocketOption ReceiveBufferForce = new(1, 33);

    private const byte Established = 1;

    // So little always fits.
    private const int MostSentAtOnce = 2048;

    private readonly KernelTestbed _testbed;
    private readonly Socket _socket;
    private readonly End _end;
    private readonly ulong _sentBefore;
    private long _sent;
    private long _received;

    public KernelSocket(KernelTestbed testbed, End end, Socket socket, int queueBytes)
    {
        (_testbed, _end, _socket, Fd) = (testbed, end, socket, (int)socket.Handle);
        socket.NoDelay = true;
        socket.SendTimeout = (int)Patience.TotalMilliseconds;
        Assert.Equal(0, Syscall.SetOption(Fd, SocketOption.SendBufferForce, queueBytes > 0 ? queueBytes : BufferBytes));
        Assert.Equal(0, Syscall.SetOption(Fd, ReceiveBufferForce, BufferBytes));
        Key = SocketKey.From((IPEndPoint)socket.RemoteEndPoint!, (IPEndPoint)socket.LocalEndPoint!);
        _sentBefore = Info().BytesAcked;
    }

    public int Fd { get; }

    public SocketKey Key { get; }

    /// <summary>What the application has sent and received.</summary>
    public (long Sent, long Received) Application => (Interlocked.Read(ref _sent), Interlocked.Read(ref _received));

    /// <summary>What TCP has taken over to deliver it; less by what is acknowledged between the two questions, and nothing once it is closed.</summary>
    public long TakenByTcp => _socket.SafeHandle.IsClosed ? 0 : (long)(Info().BytesAcked - _sentBefore) + Syscall.OutQueue(Fd);

    /// <summary>What TCP has received, without the FIN.</summary>
    public long ReceivedByTcp => Info() is { State: Established } info ? (long)info.BytesReceived : (long)Info().BytesReceived - 1;

    public int Unread => _socket.Available;

    public Counts Arrived => Of(_testbed.Ledger.Of(_end, sent: false));

    public Counts Sent => Of(_testbed.Ledger.Of(_end, sent: true));

    public Task<int> SendAsync(ReadOnlyMemory<byte> message) => message.Length <= MostSentAtOnce
        ? Task.FromResult(Send(message.Span))
        : Task.Factory.StartNew(() => Send(message.Span), TaskCreationOptions.LongRunning);

    public async Task<int> ReceiveAsync(Memory<byte> buffer)
    {
        while (true)
        {
            int result = (int)Syscall.Receive(Fd, buffer.Span, DontWait);
            if (result == 0)
            {
                // The end of the stream may be seen before the last bytes are judged.
                await Task.Factory.StartNew(() => _testbed.AwaitJudged(_end), TaskCreationOptions.LongRunning);
                result = (int)Syscall.Receive(Fd, buffer.Span, DontWait);
            }

            Interlocked.Add(ref _received, Math.Max(0, result));
            if (result != -(int)Errno.EAGAIN)
                return result;

            await AwaitReadableAsync();
        }
    }

    public int Peek(Span<byte> buffer) => (int)Syscall.Receive(Fd, buffer, Abi.MsgPeek | DontWait) is var result && result == -(int)Errno.EAGAIN ? 0 : result;

    /// <summary>The kernel forgets what is redirected to a socket and not sent yet, so that is waited for.</summary>
    public void ShutdownSend()
    {
        _testbed.AwaitDelivered();
        _socket.Shutdown(SocketShutdown.Send);
    }

    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private TcpInfo Info()
    {
        TcpInfo info = default;
        if (!_socket.SafeHandle.IsClosed)
            Assert.Equal(0, Syscall.GetTcpInfo(Fd, out info));
        return info;
    }

    // It waits in the call: where a program redirects what is sent, epoll says that this socket can be written to while the
    // other one is full.
    private int Send(ReadOnlySpan<byte> message)
    {
        int sent = 0;
        while (sent < message.Length)
        {
            int result = (int)Syscall.Send(Fd, message[sent..]);
            if (result < 0)
                return sent > 0 ? sent : result;

            sent += result;
            Interlocked.Add(ref _sent, result);
        }

        return sent;
    }

    private Task AwaitReadableAsync() => Task.Factory.StartNew(
        () =>
        {
            using var epoll = new Epoll();
            Assert.Equal(0, epoll.Add(Fd, EpollEvents.In, 0));
            Assert.True(epoll.Wait((int)Patience.TotalMilliseconds) > 0, $"{_end} waits in vain");
        },
        TaskCreationOptions.LongRunning);

    private static Counts Of(LedgerEntry entry) => 
        new(entry.Of(Fate.Passed), entry.Of(Fate.Dropped), entry.Of(Fate.SentOut) + entry.Of(Fate.Queued));
}
