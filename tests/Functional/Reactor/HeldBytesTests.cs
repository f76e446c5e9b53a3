using System.Net.Sockets;
using System.Security.Cryptography;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>What slow readers have not taken: held within a budget, given back, and never lost when there is none.</summary>
public sealed class HeldBytesTests
{
    [Fact(Timeout = 60_000)]
    public async Task ASlowReadersBytesAreHeldAndGivenBack()
    {
        await using Link link = await Link.OpenAsync(transport: () => Create(bufferMemory: 64 * 1024 * 1024));
        long sent = await link.Client.FillAsync();
        Assert.InRange(link.Proxy.HeldBytes, 1, Reactor.ReadBufferSize);

        link.Client.SendFin();
        Assert.Equal(sent, (await link.Server.ReceiveToEndAsync()).Bytes.Length);
        Assert.Equal(0, link.Proxy.HeldBytes);
    }

    [Fact(Timeout = 120_000)]
    public async Task WithoutBudgetNothingIsHeldAndNothingIsLost()
    {
        using var server = new Server();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(server.EndPoint, transport: () => Create(bufferMemory: 0));
        await Task.WhenAll(Enumerable.Range(0, 24).Select(seed => StreamSlowlyAsync(seed, proxy, server))).OrHung("all slow readers");
        Assert.True(proxy.Meter.Read(Direction.FromClient, DataPath.Copy) > 0);
    }

    // Each connection is open before the next one begins, so that both ends of it are known.
    private static readonly SemaphoreSlim _opening = new(1);

    private static async Task StreamSlowlyAsync(int seed, ProxyUnderTest proxy, Server server)
    {
        await _opening.WaitAsync(Deadline.Token);
        Socket client = await Sockets.DialAsync(proxy.EndPoint, sendBuffer: 16 * 1024);
        Socket accepted = await server.AcceptAsync();
        _opening.Release();
        using (client)
        using (accepted)
        {
            byte[] bytes = new byte[3_000_000];
            new Random(seed).NextBytes(bytes);
            Task sending = SendAndFinishAsync(client, bytes);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[64 * 1024];
            var pace = new Random(seed);
            while (await accepted.ReceiveAsync(buffer.AsMemory(0, pace.Next(1, buffer.Length)), Deadline.Token) is > 0 and var got)
            {
                hash.AppendData(buffer, 0, got);
                Assert.Equal(0, proxy.HeldBytes);
                await Task.Yield();
            }

            await sending;
            Assert.Equal(SHA256.HashData(bytes), hash.GetHashAndReset());
        }
    }

    private static async Task SendAndFinishAsync(Socket socket, byte[] bytes)
    {
        await socket.SendAllAsync(bytes);
        socket.SendFin();
    }

    private static ReactorTransport Create(long bufferMemory) =>
        new(new ReactorTransportOptions { Reactors = 1, BufferMemory = bufferMemory, UseSplice = false });
}
