using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>Makes connections over loopback of which both sockets are ours: one as an application has it, one as a proxy.</summary>
internal sealed class Loopback : IDisposable
{
    private readonly Socket _listener;
    private readonly SocketAddressBuffer _address;

    private Loopback(Socket listener) => (_listener, _address) = (listener, SocketAddressBuffer.From(listener.LocalEndPoint!));

    /// <summary>Null where the system has no such address.</summary>
    internal static Loopback? TryOpen(IPAddress address)
    {
        Socket? listener = null;
        try
        {
            listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(address, 0));
            listener.Listen();
            return new Loopback(listener);
        }
        catch (SocketException)
        {
            listener?.Dispose();
            return null;
        }
    }

    /// <summary>Connects once, for a check.</summary>
    internal string Probe()
    {
        (int fd, StreamEnd end) = Connect(receiveBuffer: 0);
        Syscall.Close(fd);
        end.Dispose();
        return "it connects";
    }

    /// <summary>The proxy's descriptor, non-blocking and the caller's to close, and the application's end.</summary>
    /// <param name="receiveBuffer">SO_RCVBUF of both; 0 leaves the kernel's.</param>
    internal (int Descriptor, StreamEnd End) Connect(int receiveBuffer)
    {
        int fd = Syscall.Socket(_address.Family);
        if (fd < 0)
            throw new CheckFailedException($"no socket can be had: {(Errno)(-fd)}");

        _ = Syscall.SetOption(fd, SocketOption.NoDelay, 1);
        if (receiveBuffer > 0)
        {
            _ = Syscall.SetOption(fd, SocketOption.ReceiveBuffer, receiveBuffer);
            _listener.ReceiveBufferSize = receiveBuffer;
        }

        int connected = Syscall.Connect(fd, _address);
        if ((connected == 0 || connected == -(int)Errno.EINPROGRESS) && Accept(fd) is { } accepted)
            return (fd, new StreamEnd(accepted));

        Syscall.Close(fd);
        throw new CheckFailedException($"loopback does not connect: {(connected < 0 ? (Errno)(-connected) : Errno.ETIMEDOUT)}");
    }

    /// <summary>The proxy's socket as a blocking one that no reactor watches, and the application's end.</summary>
    internal (Socket Socket, StreamEnd End) ConnectBlocking()
    {
        var socket = new Socket(_listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(_listener.LocalEndPoint!);
        return Accept((int)socket.SafeHandle.DangerousGetHandle()) is { } accepted
            ? (socket, new StreamEnd(accepted))
            : throw new CheckFailedException("loopback does not connect");
    }

    public void Dispose() => _listener.Dispose();

    // Anybody on this machine may have connected in between.
    private Socket? Accept(int fd)
    {
        _ = Syscall.GetSocketName(fd, out SocketAddressBuffer own);
        EndPoint? dialled = own.ToEndPoint();
        while (_listener.Poll(StreamEnd.PatienceMilliseconds * 1000, SelectMode.SelectRead))
        {
            Socket accepted = _listener.Accept();
            if (accepted.RemoteEndPoint!.Equals(dialled))
                return accepted;
            accepted.Dispose();
        }

        return null;
    }
}
