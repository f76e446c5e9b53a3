using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
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
        await ReusedPort.PlayAsync(server, proxy, Connections, messages: 1);
        Assert.Equal(Connections, engine!.Counters.Pairs);
    }
}
