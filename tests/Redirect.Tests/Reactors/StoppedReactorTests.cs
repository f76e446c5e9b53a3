using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Transports;

namespace Sluice.Redirect.Tests.Reactors;

/// <summary>Whoever turns to a reactor that ends or has ended gets an answer.</summary>
public sealed class StoppedReactorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task InvokingOnAStoppedReactorFails()
    {
        var reactor = new Reactor(0, bufferMemory: 0);
        await reactor.StopAsync().WaitAsync(Patience, Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reactor.InvokeAsync(() => Task.FromResult(1)).WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task InvocationsThatMeetTheEndAllComplete()
    {
        for (int round = 0; round < 50; round++)
        {
            var reactor = new Reactor(0, bufferMemory: 0);
            Task<Task<int>[]> invoking = Task.Run(
                () => Enumerable.Range(0, 200).Select(i => reactor.InvokeAsync(() => Task.FromResult(i))).ToArray(), Token);
            Task stopped = reactor.StopAsync();
            foreach (Task<int> invocation in await invoking)
            {
                Exception? failure = await Record.ExceptionAsync(() => invocation.WaitAsync(Patience, Token));
                Assert.True(failure is null or ObjectDisposedException, failure?.ToString());
            }

            await stopped.WaitAsync(Patience, Token);
        }
    }

    [Fact]
    public async Task DiallingAndUnbindingAfterTheEndDoNotHang()
    {
        var transport = new ReactorTransportFactory(new ReactorTransportOptions { Reactors = 1 });
        IReadOnlyList<IConnectionListener> listeners = await transport.BindEachAsync(new IPEndPoint(IPAddress.Loopback, 0));
        await transport.DisposeAsync();
        await listeners[0].UnbindAsync(Token).AsTask().WaitAsync(Patience, Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => transport.ConnectAsync(listeners[0].EndPoint, Patience).AsTask().WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task ListeningEndsThoughTheSocketsDirectoryIsGone()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("sluice-");
        await using var transport = new ReactorTransport(new ReactorTransportOptions { Reactors = 1 });
        var address = new UnixDomainSocketEndPoint(Path.Combine(directory.FullName, "s"));
        IConnectionListener listener = (await transport.BindAsync(address, Token)).Single();
        Task accepting = transport.RunAsync(listener, async queue => Assert.Null(await queue.AcceptAsync()));

        directory.Delete(recursive: true);
        await listener.UnbindAsync(Token).AsTask().WaitAsync(Patience, Token);
        await accepting.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task AConnectionThatNobodyWaitsForAnyMoreIsClosed()
    {
        await using var transport = new ReactorTransportFactory(new ReactorTransportOptions { Reactors = 1 });
        IConnectionFactory factory = transport;
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen(0);

        // The backlog is full, so the dial waits until this one is accepted.
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(server.LocalEndPoint!, Token);
        using var cancellation = new CancellationTokenSource();
        ValueTask<ConnectionContext> dialling = factory.ConnectAsync(server.LocalEndPoint!, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await dialling);

        using Socket accepted = await server.AcceptAsync(Token);
        using Socket late = await server.AcceptAsync(Token).AsTask().WaitAsync(Patience, Token);
        Assert.Equal(0, await late.ReceiveAsync(new byte[1], Token).AsTask().WaitAsync(Patience, Token));
    }
}
