using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sluice.SockMapConformance.Wire;

/// <summary>Real loopback sockets, used without asynchronous operations, which the runtime would register with epoll.</summary>
internal static class Tcp
{
    private const int Timeout = 10_000_000; // microseconds

    public static Socket Create(bool v6 = false) =>
        new(v6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public static IPEndPoint Loopback(bool v6 = false) => new(v6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0);

    public static Socket Listen(bool v6 = false, int backlog = 16)
    {
        Socket socket = Create(v6);
        socket.Bind(Loopback(v6));
        socket.Listen(backlog);
        return socket;
    }

    public static Socket Dial(Socket listener)
    {
        Socket socket = Create(listener.AddressFamily == AddressFamily.InterNetworkV6);
        socket.Connect(listener.LocalEndPoint!);
        return socket;
    }

    /// <summary>An established connection.</summary>
    public static Pair Connect(bool v6 = false)
    {
        using Socket listener = Listen(v6);
        Socket client = Dial(listener);
        return new Pair(client, listener.Accept());
    }

    /// <summary>A socket whose SYN nobody answers, for the listener's queue is full; and all others that this takes.</summary>
    public static List<Socket> DialInVain(Socket listener, out Socket pending)
    {
        List<Socket> sockets = [];
        for (int i = 0; i < 32; i++)
        {
            Socket socket = Create();
            sockets.Add(socket);
            socket.Blocking = false;
            try
            {
                socket.Connect(listener.LocalEndPoint!);
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock)
            {
            }

            if (socket.State() == TcpState.SynSent)
            {
                pending = socket;
                return sockets;
            }
        }

        throw new InvalidOperationException("The listener's queue never fills");
    }

    public static ulong Cookie(this Socket socket)
    {
        Span<byte> cookie = stackalloc byte[8];
        Assert.Equal(8, socket.GetRawSocketOption(1, 57, cookie));
        return BinaryPrimitives.ReadUInt64LittleEndian(cookie);
    }

    public static TcpState State(this Socket socket)
    {
        Span<byte> info = stackalloc byte[1];
        Assert.Equal(1, socket.GetRawSocketOption(6, 11, info));
        return (TcpState)info[0];
    }

    /// <summary>Waits for bytes, an end or an error, and then for the state.</summary>
    public static void AwaitState(this Socket socket, TcpState state)
    {
        Assert.True(socket.Poll(Timeout, SelectMode.SelectRead), $"Nothing arrived on the way to {state}");
        Assert.Equal(state, socket.State());
    }

    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}

/// <summary>States of the kernel's TCP (include/net/tcp_states.h).</summary>
internal enum TcpState : byte
{
    Established = 1,
    SynSent = 2,
    FinWait1 = 4,
    FinWait2 = 5,
    Close = 7,
    CloseWait = 8,
    Listen = 10,
}

/// <summary>Both ends of a connection.</summary>
internal sealed record Pair(Socket Client, Socket Server) : IDisposable
{
    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
