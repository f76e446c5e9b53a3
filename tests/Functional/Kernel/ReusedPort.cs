using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;

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

    /// <summary>
    /// Connection after connection from it, each with some messages of its own both ways and then reset, so that the port is free at once and
    /// the proxy may still have the old connection. Fails where one gets another's bytes or end.
    /// </summary>
    public static async Task PlayAsync(Server server, ProxyUnderTest proxy, int connections, int messages)
    {
        var port = new ReusedPort();
        for (int i = 0; i < connections; i++)
        {
            using Socket client = await port.DialAsync(proxy.EndPoint);
            using Socket accepted = await server.AcceptAsync();
            accepted.Blocking = false;
            byte[] message = new byte[1 + (i % 3000)];
            new Random(i).NextBytes(message);
            for (int repeated = 0; repeated < messages; repeated++)
            {
                await client.SendAllAsync(message);
                Assert.Equal(message, await accepted.ReceiveExactlyAsync(message.Length));
                await accepted.SendAllAsync(message);
                Assert.Equal(message, await client.ReceiveExactlyAsync(message.Length));
            }

            client.Reset();
            await accepted.AssertEndsAsync(default, Ending.Rst);
        }

        for (int i = 0; i < connections; i++)
            Assert.Equal(EndReason.ClientReset, (await proxy.NextResultAsync()).Reason);
    }

    private static IPEndPoint Free()
    {
        using var server = new Server();
        return (IPEndPoint)server.EndPoint;
    }
}
