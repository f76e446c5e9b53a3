using System.Net;
using System.Net.Sockets;

namespace Sluice.Functional.Wire;

/// <summary>A listening socket of the tests.</summary>
internal sealed class Server : IDisposable
{
    private readonly Socket _socket;

    /// <summary>Listens; buffer sizes are inherited by what it accepts.</summary>
    public Server(EndPoint? endPoint = null, int sendBuffer = 0, int receiveBuffer = 0, int backlog = 4096)
    {
        _socket = Sockets.Create(endPoint ?? Sockets.AnyV4, sendBuffer, receiveBuffer);
        _socket.Bind(endPoint ?? Sockets.AnyV4);
        _socket.Listen(backlog);
    }

    public EndPoint EndPoint => _socket.LocalEndPoint!;

    public Task<Socket> AcceptAsync() => _socket.AcceptAsync(Deadline.Token).AsTask().OrHung("a connection from the proxy");

    /// <summary>For a server that accepts until it is told to stop.</summary>
    public ValueTask<Socket> AcceptAsync(CancellationToken stop) => _socket.AcceptAsync(stop);

    public void Dispose() => _socket.Dispose();
}
