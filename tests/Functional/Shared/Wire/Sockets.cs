using System.Net;
using System.Net.Sockets;

namespace Sluice.Functional.Wire;

/// <summary>Plain sockets for the clients and servers of the tests: nothing of the code under test.</summary>
internal static class Sockets
{
    public static readonly IPEndPoint AnyV4 = new(IPAddress.Loopback, 0);
    public static readonly IPEndPoint AnyV6 = new(IPAddress.IPv6Loopback, 0);

    /// <summary>An unbound stream socket. Buffer sizes of 0 leave the kernel's.</summary>
    public static Socket Create(EndPoint endPoint, int sendBuffer = 0, int receiveBuffer = 0)
    {
        Socket socket = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (sendBuffer > 0)
            socket.SendBufferSize = sendBuffer;
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        return socket;
    }

    public static async Task<Socket> DialAsync(EndPoint endPoint, int sendBuffer = 0, int receiveBuffer = 0)
    {
        Socket socket = Create(endPoint, sendBuffer, receiveBuffer);
        try
        {
            await socket.ConnectAsync(endPoint, Deadline.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, Deadline.Token)..];
    }

    public static async Task<byte[]> ReceiveExactlyAsync(this Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        for (int have = 0; have < count;)
        {
            int got = await socket.ReceiveAsync(bytes.AsMemory(have), Deadline.Token);
            if (got == 0)
                throw new EndOfStreamException($"FIN after {have} of {count} bytes");
            have += got;
        }

        return bytes;
    }

    /// <summary>Reads until the stream ends, and says how.</summary>
    public static async Task<(byte[] Bytes, Ending Ending)> ReceiveToEndAsync(this Socket socket)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, Deadline.Token) is > 0 and var got)
                all.Write(buffer, 0, got);
            return (all.ToArray(), Ending.Fin);
        }
        catch (SocketException error) when (error.IsReset)
        {
            return (all.ToArray(), Ending.Rst);
        }
    }

    /// <summary>Sends into a way whose reader takes nothing, until it has been full for a while. Gives the bytes sent.</summary>
    public static async Task<long> FillAsync(this Socket socket, int size = 64 * 1024, int pauses = 10)
    {
        byte[] piece = new byte[size];
        socket.Blocking = false;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        long sent = 0;
        for (int full = 0; full < pauses; full++)
        {
            while (socket.Send(piece, SocketFlags.None, out SocketError error) is > 0 and var count && error == SocketError.Success)
            {
                sent += count;
                full = 0;
            }

            await tick.WaitForNextTickAsync(Deadline.Token);
        }

        return sent;
    }

    /// <summary>Reads to the end and asserts what came and how it ended.</summary>
    public static async Task AssertEndsAsync(this Socket socket, ReadOnlyMemory<byte> bytes, Ending ending)
    {
        (byte[] came, Ending ended) = await socket.ReceiveToEndAsync();
        Assert.Equal(bytes.ToArray(), came);
        Assert.Equal(ending, ended);
    }

    public static void SendFin(this Socket socket) => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with RST.</summary>
    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    extension(SocketException error)
    {
        public bool IsReset => error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted;
    }
}
