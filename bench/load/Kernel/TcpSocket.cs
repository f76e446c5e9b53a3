using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sluice.Load.Kernel;

/// <summary>
/// A non-blocking IPv4 loopback socket. <see cref="Send"/> and <see cref="Receive"/> return bytes, or minus the errno.
/// </summary>
internal readonly unsafe record struct TcpSocket(int Fd)
{
    public const int WouldBlock = -11;
    private const int InProgress = 115;
    private const int Backlog = 4096;
    private const int AddressLength = 16;

    /// <summary>Listens on 127.0.0.1:<paramref name="port"/>.</summary>
    /// <exception cref="IOException">The port is taken, or there are no file descriptors left.</exception>
    public static TcpSocket Listen(int port)
    {
        TcpSocket socket = Create();
        socket.SetInt32(Libc.SolSocket, Libc.SoReuseAddress, 1);
        byte* address = stackalloc byte[AddressLength];
        Loopback(address, port);
        if (Libc.Bind(socket.Fd, address, AddressLength) == 0 && Libc.Listen(socket.Fd, Backlog) == 0)
            return socket;
        IOException failure = Failure($"listen on 127.0.0.1:{port}");
        socket.Close();
        throw failure;
    }

    /// <summary>Starts to connect to 127.0.0.1:<paramref name="port"/>; returns 0 or minus the errno.</summary>
    public static int TryConnect(int port, out TcpSocket socket)
    {
        socket = Create();
        socket.SetInt32(Libc.IpProtoTcp, Libc.TcpNoDelay, 1);
        byte* address = stackalloc byte[AddressLength];
        Loopback(address, port);
        if (Libc.Connect(socket.Fd, address, AddressLength) == 0 || Marshal.GetLastPInvokeError() == InProgress)
            return 0;
        int errno = Marshal.GetLastPInvokeError();
        socket.Close();
        return -errno;
    }

    /// <summary>Takes one waiting connection; false when there is none.</summary>
    public bool TryAccept(out TcpSocket accepted)
    {
        accepted = new TcpSocket(Libc.Accept(Fd, null, null, Libc.SockNonBlock | Libc.SockCloseOnExec));
        if (accepted.Fd < 0)
            return false;
        accepted.SetInt32(Libc.IpProtoTcp, Libc.TcpNoDelay, 1);
        return true;
    }

    public int Send(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            nint sent = Libc.Send(Fd, start, (nuint)data.Length, Libc.MsgNoSignal);
            return sent >= 0 ? (int)sent : -Marshal.GetLastPInvokeError();
        }
    }

    public int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint received = Libc.Receive(Fd, start, (nuint)buffer.Length, 0);
            return received >= 0 ? (int)received : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>The pending error of a connection attempt, 0 when it succeeded; asking clears it.</summary>
    public int TakeError()
    {
        int error = 0;
        uint length = sizeof(int);
        _ = Libc.GetOption(Fd, Libc.SolSocket, Libc.SoError, &error, &length);
        return error;
    }

    public void ShutdownWrite() => _ = Libc.Shutdown(Fd, Libc.ShutWrite);

    public void Close() => _ = Libc.Close(Fd);

    /// <summary>Closes with RST, so that no TIME_WAIT keeps the local port.</summary>
    public void CloseWithReset()
    {
        long lingerOnForZeroSeconds = 1;
        _ = Libc.SetOption(Fd, Libc.SolSocket, Libc.SoLinger, &lingerOnForZeroSeconds, sizeof(long));
        Close();
    }

    public static IOException Failure(string what) =>
        new($"Cannot {what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    private static TcpSocket Create()
    {
        int fd = Libc.Socket(Libc.AfInet, Libc.SockStream | Libc.SockNonBlock | Libc.SockCloseOnExec, 0);
        return fd >= 0 ? new TcpSocket(fd) : throw Failure("make a socket");
    }

    private static void Loopback(byte* address, int port)
    {
        Span<byte> bytes = new(address, AddressLength);
        bytes.Clear();
        BitConverter.TryWriteBytes(bytes, (ushort)Libc.AfInet);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], 0x7f000001);
    }

    private void SetInt32(int level, int name, int value) =>
        _ = Libc.SetOption(Fd, level, name, &value, sizeof(int));
}
