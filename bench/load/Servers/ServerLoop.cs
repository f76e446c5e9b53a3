using System.Buffers.Binary;
using Sluice.Load.Kernel;

namespace Sluice.Load.Servers;

/// <summary>
/// The upstream of every proxy: an echo port and a sink port on one epoll loop and one thread. It ends when its
/// standard input does, so that it never outlives the tool.
/// </summary>
internal sealed class ServerLoop : IDisposable
{
    private const int StandardInput = 0;
    private readonly Epoll _epoll = new();
    private readonly TcpSocket _echo;
    private readonly TcpSocket _sink;
    private readonly byte[] _buffer = new byte[1024 * 1024];
    private ServerConnection[] _connections = new ServerConnection[1024];

    public ServerLoop(int echoPort, int sinkPort)
    {
        _echo = TcpSocket.Listen(echoPort);
        _sink = TcpSocket.Listen(sinkPort);
        _epoll.Add(_echo.Fd, EpollEvents.In, _echo.Fd);
        _epoll.Add(_sink.Fd, EpollEvents.In, _sink.Fd);
        _epoll.Add(StandardInput, EpollEvents.In, StandardInput);
    }

    public void Run()
    {
        for (; ; )
        {
            int count = _epoll.Wait(-1);
            for (int i = 0; i < count; i++)
            {
                int fd = _epoll.TokenAt(i);
                if (fd == StandardInput)
                    return;
                if (fd == _echo.Fd || fd == _sink.Fd)
                    AcceptAll(new TcpSocket(fd));
                else
                    OnEvent(_connections[fd]);
            }
        }
    }

    public void Dispose() => _epoll.Dispose();

    private void AcceptAll(TcpSocket listener)
    {
        while (listener.TryAccept(out TcpSocket socket))
        {
            if (socket.Fd >= _connections.Length)
                Array.Resize(ref _connections, 2 * socket.Fd);
            (_connections[socket.Fd] ??= new ServerConnection(socket)).Reset(isSink: listener == _sink);
            _epoll.Add(socket.Fd, EpollEvents.In, socket.Fd);
        }
    }

    private void OnEvent(ServerConnection connection)
    {
        if (connection.Pending.Length > 0)
            Echo(connection, connection.Pending, isNew: false);
        else
            Read(connection);
    }

    private void Read(ServerConnection connection)
    {
        int received = connection.Socket.Receive(_buffer);
        if (received == TcpSocket.WouldBlock)
            return;
        if (received <= 0)
            End(connection, reset: received < 0);
        else if (connection.IsSink)
            connection.Swallow(_buffer.AsSpan(0, received));
        else
            Echo(connection, _buffer.AsMemory(0, received), isNew: true);
    }

    /// <summary>What the send buffer does not take waits, and nothing more is read meanwhile.</summary>
    private void Echo(ServerConnection connection, ReadOnlyMemory<byte> data, bool isNew)
    {
        int sent = connection.Socket.Send(data.Span);
        if (sent == data.Length)
        {
            connection.Pending = default;
            if (!isNew)
                _epoll.Modify(connection.Socket.Fd, EpollEvents.In, connection.Socket.Fd);
        }
        else if (sent >= 0 || sent == TcpSocket.WouldBlock)
        {
            ReadOnlyMemory<byte> rest = data[Math.Max(0, sent)..];
            connection.Pending = isNew ? rest.ToArray() : rest;
            if (isNew)
                _epoll.Modify(connection.Socket.Fd, EpollEvents.Out, connection.Socket.Fd);
        }
        else
        {
            connection.Socket.Close();
        }
    }

    private static void End(ServerConnection connection, bool reset)
    {
        if (connection.IsSink && !reset)
        {
            Span<byte> count = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(count, connection.Intact ? connection.Swallowed : -1);
            _ = connection.Socket.Send(count);
        }
        connection.Socket.Close();
    }
}
