using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Maps;

/// <summary>Connections of the reactor transport in maps.</summary>
public sealed class ReactorSocketTests : IAsyncDisposable
{
    private readonly Reactor _reactor = new(0, 0);
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);

    public ReactorSocketTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(4);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _reactor.StopAsync();
    }

    [Fact]
    public async Task The_key_is_the_4_tuple_and_the_value_the_cookie() => await OnReactorAsync((connection, server, map) =>
    {
        var feature = (IMapSocketFeature)connection;
        Assert.Same(feature, connection.Features.Get<IMapSocketFeature>());
        Assert.True(feature.TryGetKey(out SocketKey key));
        Assert.Equal(SocketKey.From((IPEndPoint)server.LocalEndPoint!, (IPEndPoint)server.RemoteEndPoint!), key);

        Assert.Equal(Errno.None, map.Update(key, feature.Socket));
        Assert.Same(feature.Socket, map.Find(key));
        Assert.Equal(Errno.None, map.Lookup(key, out ulong cookie));
        Assert.NotEqual(0UL, cookie);
        return Task.CompletedTask;
    });

    [Fact]
    public async Task Closing_it_empties_its_entries_and_tells_the_handler() => await OnReactorAsync(async (connection, server, map) =>
    {
        var feature = (IMapSocketFeature)connection;
        var handler = new Handler();
        ((StreamSocket)feature.Socket).Sender = handler;
        Assert.Equal(Errno.None, map.Update(Make.Key(1), feature.Socket));
        Assert.Equal(1, handler.Changes);

        await connection.DisposeAsync();
        Assert.Null(map.Find(Make.Key(1)));
        Assert.Equal(2, handler.Changes);
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(Make.Key(1), feature.Socket));
        Assert.False(feature.TryGetKey(out _));
    });

    [Fact]
    public async Task A_connection_whose_other_end_has_closed_is_taken() => await OnReactorAsync(async (connection, server, map) =>
    {
        var feature = (IMapSocketFeature)connection;
        var socket = (StreamSocket)feature.Socket;
        var end = new TaskCompletionSource();
        socket.Receiver = new Receiver(end);
        server.Shutdown(SocketShutdown.Send);
        await end.Task;

        byte[] none = new byte[1];
        Assert.Equal(StreamSocket.EndOfStream, socket.Receive(none));
        Assert.Equal(Errno.None, map.Update(Make.Key(1), feature.Socket));
    });

    [Fact]
    public async Task A_connection_that_was_reset_is_taken_and_stays_where_it_was() => await OnReactorAsync(async (connection, server, map) =>
    {
        var feature = (IMapSocketFeature)connection;
        Assert.Equal(Errno.None, map.Update(Make.Key(1), feature.Socket));
        var end = new TaskCompletionSource();
        ((StreamSocket)feature.Socket).Receiver = new Receiver(end);
        server.LingerState = new LingerOption(true, 0);
        server.Dispose();
        await end.Task;

        Assert.Equal(Errno.None, map.Update(Make.Key(2), feature.Socket));
        Assert.Equal(Errno.None, map.Lookup(Make.Key(1), out _));
    });

    private async Task OnReactorAsync(Func<ConnectionContext, Socket, SockHash, Task> test)
    {
        using SockHash map = Make.SockHash(4);
        var endPoint = (IPEndPoint)_listener.LocalEndPoint!;
        await _reactor.InvokeAsync(async () =>
        {
            ConnectionContext connection =
                (await ConnectOperation.StartAsync(_reactor, endPoint, TimeSpan.FromSeconds(10))).Connection!;
            using Socket server = _listener.Accept();
            await test(connection, server, map);
            await connection.DisposeAsync();
            return true;
        }).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private sealed class Handler : ISendHandler, IMembershipHandler
    {
        public int Changes { get; private set; }

        public void OnMembershipsChanged() => Changes++;

        public void OnSendReady()
        {
        }
    }

    private sealed class Receiver(TaskCompletionSource end) : IReceiveHandler
    {
        public void OnReceiveReady() => end.TrySetResult();

        public void OnFault(Exception exception) => end.TrySetException(exception);
    }
}
