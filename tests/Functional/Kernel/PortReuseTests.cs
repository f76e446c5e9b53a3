using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Functional;

/// <summary>A connection that follows at once on another with the same two addresses is its own, in every map.</summary>
public sealed class PortReuseTests
{
    private const int Connections = 300;

    [Fact(Timeout = 120_000)]
    public async Task ConnectionsOfTheSamePortAreNotTakenForOneAnother()
    {
        KernelEngine? engine = null;
        using var server = new Server();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(
            server.EndPoint, transport: () => KernelUnderTest.CreateTransport(new OffloadOptions { ReadsBefore = 1 }, out engine));
        var port = new ReusedPort();
        for (int i = 0; i < Connections; i++)
        {
            using Socket client = await port.DialAsync(proxy.EndPoint);
            using Socket accepted = await server.AcceptAsync();
            byte[] message = new byte[1 + (i % 3000)];
            new Random(i).NextBytes(message);
            await client.SendAllAsync(message);
            Assert.Equal(message, await accepted.ReceiveExactlyAsync(message.Length));
            await accepted.SendAllAsync(message);
            Assert.Equal(message, await client.ReceiveExactlyAsync(message.Length));
            client.Reset(); // the port is free at once, and the proxy may still have the old connection
            await accepted.AssertEndsAsync(default, Ending.Rst);
        }

        for (int i = 0; i < Connections; i++)
            Assert.Equal(EndReason.ClientReset, (await proxy.NextResultAsync()).Reason);
        Assert.Equal(Connections, engine!.Counters.Pairs);
    }
}
