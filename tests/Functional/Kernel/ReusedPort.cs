using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;

namespace Sluice.Functional;

/// <summary>A client's port that connection after connection comes from.</summary>
internal sealed class ReusedPort
{
    private readonly IPEndPoint _own = Free();

    /// <summary>Connects from it.</summary>
    public async Task<Socket> DialAsync(EndPoint endPoint)
    {
        Socket client = Sockets.Create(_own);
        client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        client.Bind(_own);
        await client.ConnectAsync(endPoint, Deadline.Token);
        return client;
    }

    private static IPEndPoint Free()
    {
        using var server = new Server();
        return (IPEndPoint)server.EndPoint;
    }
}
