using System.Runtime.InteropServices;
using Sluice.Load.Kernel;

namespace Sluice.Load.Traffic;

/// <summary>Connections that are there before the clock starts.</summary>
internal static class Dialling
{
    private const int TimeoutMs = 5000;

    /// <summary>Connects to 127.0.0.1:<paramref name="port"/> and waits until the handshake is done.</summary>
    /// <exception cref="IOException">Refused, out of ports or descriptors, or no answer in 5 s.</exception>
    public static TcpSocket Connect(int port)
    {
        int result = TcpSocket.TryConnect(port, out TcpSocket socket);
        if (result == 0)
        {
            using Epoll epoll = new();
            epoll.Add(socket.Fd, EpollEvents.Out, 0);
            if (epoll.Wait(TimeoutMs) == 0)
            {
                socket.Close();
                throw new IOException($"Cannot connect to 127.0.0.1:{port}: no answer in {TimeoutMs} ms.");
            }
            result = -socket.TakeError();
            if (result == 0)
                return socket;
            socket.Close();
        }
        throw new IOException($"Cannot connect to 127.0.0.1:{port}: {Marshal.GetPInvokeErrorMessage(-result)}.");
    }

    /// <summary>Sends a message and waits for its whole echo; returns null, or what went wrong.</summary>
    public static string? Echo(TcpSocket socket, int phase, int size)
    {
        if (socket.Send(Pattern.Slice(phase, size)) != size)
            return "the message did not fit the send buffer";
        using Epoll epoll = new();
        epoll.Add(socket.Fd, EpollEvents.In, 0);
        Span<byte> echo = stackalloc byte[size];
        for (int got = 0; got < size;)
        {
            if (epoll.Wait(TimeoutMs) == 0)
                return $"no echo in {TimeoutMs} ms";
            int count = socket.Receive(echo);
            if (count <= 0)
                return count == 0 ? "closed before the echo" : Marshal.GetPInvokeErrorMessage(-count);
            if (!Pattern.Matches(phase + got, echo[..count]))
                return "echo differs from what was sent";
            got += count;
        }
        return null;
    }
}
