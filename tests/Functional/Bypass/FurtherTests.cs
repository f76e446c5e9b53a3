using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Stress;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Bypass;

namespace Sluice.Functional;

/// <summary>Proxies behind proxies, and ports that are used again.</summary>
public sealed class FurtherTests
{
    /// <summary>The second proxy's client is a socket of the first: what is redirected into that is not its own to judge again.</summary>
    [Theory(Timeout = 300_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TwoProxiesInARow(bool useIngress)
    {
        const int Connections = 500;
        BypassEngine? first = null, second = null;
        using var server = new Server();
        await using ProxyUnderTest back = await ProxyUnderTest.StartAsync(
            server.EndPoint, transport: () => BypassUnderTest.CreateTransport(new BypassOptions { ReadsBefore = 3, UseIngress = useIngress }, out second, new ReactorTransportOptions { Reactors = 1 }));
        await PlayAsync(Case.Stream(100_000), server, back); // has its maps made, which the other does not expect among its descriptors
        _ = await back.NextResultAsync();
        await using (ProxyUnderTest front = await ProxyUnderTest.StartAsync(
            back.EndPoint, transport: () => BypassUnderTest.CreateTransport(new BypassOptions { ReadsBefore = 3, UseIngress = useIngress }, out first, new ReactorTransportOptions { Reactors = 1 })))
        {
            for (int i = 0; i < Connections; i++)
            {
                Case drawn = Case.Draw(i);
                if (drawn.Resets() || drawn.Course == Course.Urgent || drawn.Client.Bytes > 500_000 || drawn.Server.Bytes > 500_000)
                    continue;

                await PlayAsync(drawn, server, front);
                SpliceResultIs(await front.NextResultAsync(), drawn);
                SpliceResultIs(await back.NextResultAsync(), drawn);
            }
        }

        Assert.True(first!.Messages.Redirected > Connections && second!.Messages.Redirected > Connections, "hardly anything went past the proxies");
    }

    [Fact(Timeout = 120_000)]
    public async Task ConnectionsOfTheSamePortAreNotTakenForOneAnother()
    {
        const int Connections = 300, Messages = 20;
        BypassEngine? engine = null;
        using var server = new Server();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(
            server.EndPoint, transport: () => BypassUnderTest.CreateTransport(new BypassOptions { ReadsBefore = 3 }, out engine));
        await ReusedPort.PlayAsync(server, proxy, Connections, Messages);
        Assert.Equal(Connections, engine!.Counters.Pairs);
        Assert.True(engine.Messages.Redirected > Connections * Messages, "hardly anything went past the proxy");
    }

    private static async Task PlayAsync(Case drawn, Server server, ProxyUnderTest proxy)
    {
        Socket client = await Sockets.DialAsync(proxy.EndPoint);
        Socket accepted = await server.AcceptAsync();
        client.Blocking = accepted.Blocking = false;
        using var connection = new Connection(drawn, client, accepted);
        await connection.PlayAsync().OrHung($"{connection}");
    }

    private static void SpliceResultIs(SpliceResult result, Case drawn) =>
        Assert.Equal((EndReason.Completed, (long)drawn.Client.Bytes, (long)drawn.Server.Bytes), (result.Reason, result.BytesFromClient, result.BytesFromUpstream));
}
