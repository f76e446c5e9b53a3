using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Linux;

public sealed class TcpInfoTests
{
    private const byte Established = 1;
    private const byte CloseWait = 8;

    [Fact]
    public void Both_ends_count_what_went_between_them()
    {
        using var pair = new Pair();
        ulong before = Info(pair.Client).BytesAcked;
        pair.Client.Send(new byte[1000]);
        byte[] buffer = new byte[2000];
        for (int read = 0; read < 1000;)
            read += pair.Server.Receive(buffer);
        pair.Server.Send(new byte[30]);
        for (int read = 0; read < 30;)
            read += pair.Client.Receive(buffer);

        // The server's answer carried the acknowledgement, and it has been read.
        TcpInfo client = Info(pair.Client);
        TcpInfo server = Info(pair.Server);
        Assert.Equal((Established, Established), (client.State, server.State));
        Assert.Equal((1000UL, 1000UL), (client.BytesAcked - before, server.BytesReceived));
        Assert.Equal(30UL, client.BytesReceived);
        Assert.Equal(0u, client.NotSentBytes);
    }

    [Fact]
    public void A_fin_counts_as_a_byte()
    {
        using var pair = new Pair();
        pair.Client.Send(new byte[10]);
        pair.Client.Shutdown(SocketShutdown.Send);
        byte[] buffer = new byte[20];
        while (pair.Server.Receive(buffer) > 0)
        {
        }

        TcpInfo server = Info(pair.Server);
        Assert.Equal((CloseWait, 11UL), (server.State, server.BytesReceived));
    }

    [Fact]
    public void What_does_not_fit_the_window_is_not_sent()
    {
        using var pair = new Pair();
        pair.Client.Blocking = false;
        long sent = 0;
        for (SocketError error = SocketError.Success; error == SocketError.Success;)
            sent += pair.Client.Send(new byte[65536], SocketFlags.None, out error);
        TcpInfo client = Info(pair.Client);
        Assert.InRange(client.NotSentBytes, 1u, (uint)sent);
        Assert.True((long)client.BytesAcked + client.NotSentBytes <= sent);
    }

    [Fact]
    public void A_send_buffer_may_be_forced_and_reads_back_doubled()
    {
        using var pair = new Pair();
        int fd = (int)pair.Client.Handle;
        const int Size = 64 * 1024 * 1024; // beyond net.core.wmem_max anywhere
        int result = Syscall.SetOption(fd, SocketOption.SendBufferForce, Size);
        Assert.SkipWhen(result == -(int)Errno.EPERM, "SO_SNDBUFFORCE takes CAP_NET_ADMIN");
        Assert.Equal(0, result);
        Assert.Equal(0, Syscall.GetOption(fd, SocketOption.SendBuffer, out int value));
        Assert.Equal(2 * Size, value);
    }

    [Fact]
    public void Epoll_reports_again_what_is_there_when_the_events_change()
    {
        using var pair = new Pair();
        using var epoll = new Epoll();
        int fd = (int)pair.Server.Handle;
        Assert.Equal(0, epoll.Add(fd, EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered, 1));
        pair.Client.Send([1]);
        byte[] one = new byte[1];
        Assert.Equal(1, pair.Server.Receive(one, SocketFlags.Peek));
        Assert.Equal(0, epoll.Wait(0));
        Assert.Equal(0, epoll.Modify(fd, EpollEvents.In | EpollEvents.EdgeTriggered, 2));
        Assert.Equal(1, epoll.Wait(0));
        Assert.Equal((EpollEvents.In, 2UL), epoll[0]);
        Assert.Equal(-(int)Errno.ENOENT, epoll.Modify((int)pair.Client.Handle, EpollEvents.In, 3));
    }

    private static TcpInfo Info(Socket socket)
    {
        Assert.Equal(0, Syscall.GetTcpInfo((int)socket.Handle, out TcpInfo info));
        return info;
    }

    private sealed class Pair : IDisposable
    {
        public Pair()
        {
            using var listener = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            Client = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            Client.Connect(listener.LocalEndPoint!);
            Server = listener.Accept();
        }

        public Socket Client { get; }

        public Socket Server { get; }

        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}
