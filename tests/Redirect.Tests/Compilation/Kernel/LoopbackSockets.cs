using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>Two connections over loopback, from the client to the accepted socket and from the outlet to the server.</summary>
internal sealed record LoopbackSockets(Socket Client, Socket Accepted, Socket Outlet, Socket Server) : IDisposable
{
    /// <summary>Connects. An IPv6 listener takes clients of IPv4 as well, as the daemon's does.</summary>
    public static LoopbackSockets Connect(IPAddress listenAddress, IPAddress clientAddress)
    {
        (Socket client, Socket accepted) = Pair(listenAddress, clientAddress);
        (Socket outlet, Socket server) = Pair(IPAddress.Loopback, IPAddress.Loopback);
        return new LoopbackSockets(client, accepted, outlet, server);
    }

    public static MessageContext ContextOf(Socket socket, Direction side) => new(MessageDirection.Ingress, socket.AddressFamily, KeyOf(socket)) { Side = side };

    public void Dispose()
    {
        foreach (Socket socket in (Socket[])[Client, Accepted, Outlet, Server])
            socket.Dispose();
    }

    private static SocketKey KeyOf(Socket socket) => SocketKey.From((IPEndPoint)socket.RemoteEndPoint!, (IPEndPoint)socket.LocalEndPoint!);

    private static (Socket Client, Socket Accepted) Pair(IPAddress listenAddress, IPAddress clientAddress)
    {
        using var listener = new Socket(listenAddress.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (listenAddress.AddressFamily == AddressFamily.InterNetworkV6)
            listener.DualMode = true;
        listener.Bind(new IPEndPoint(listenAddress, 0));
        listener.Listen();
        var client = new Socket(clientAddress.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(new IPEndPoint(clientAddress, ((IPEndPoint)listener.LocalEndPoint!).Port));
        Socket accepted = listener.Accept();
        // Thousands of these must leave no TIME_WAIT behind.
        foreach (Socket socket in (Socket[])[client, accepted])
            (socket.LingerState, socket.ReceiveTimeout) = (new LingerOption(true, 0), 30_000);
        return (client, accepted);
    }
}
