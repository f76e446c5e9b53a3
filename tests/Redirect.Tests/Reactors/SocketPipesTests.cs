using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Tests.Reactors;

/// <summary>The pipes of a connection behave as those of Kestrel's own transport do, also at every kind of end.</summary>
public sealed class SocketPipesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ReactorTransportFactory _transport = new(new ReactorTransportOptions { Reactors = 1 });
    private IConnectionListener _listener = null!;
    private ConnectionContext _connection = null!;
    private Socket _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _listener = await _transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Token);
        _client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await _client.ConnectAsync(_listener.EndPoint, Token);
        _connection = (await _listener.AcceptAsync(Token))!;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _connection.Abort(new ConnectionAbortedException());
        await _listener.DisposeAsync();
        await _transport.DisposeAsync();
    }

    [Fact]
    public async Task AfterTheClientsFinTheOutputGoesOn()
    {
        _client.Shutdown(SocketShutdown.Send);
        Assert.True((await ReadAsync()).IsCompleted);
        await _connection.Transport.Output.WriteAsync("late"u8.ToArray(), Token);
        await _connection.Transport.Output.CompleteAsync();
        Assert.Equal("late"u8.ToArray(), await ReceiveToEndAsync());
    }

    [Fact]
    public async Task AfterACompletedOutputTheInputGoesOn()
    {
        await _connection.Transport.Output.CompleteAsync();
        Assert.Empty(await ReceiveToEndAsync());
        await _client.SendAsync("late"u8.ToArray(), Token);
        Assert.Equal(4, (await ReadAsync()).Buffer.Length);
    }

    [Fact]
    public async Task TheClientsFinIsTold()
    {
        Task closed = ClosedAsync();
        _ = _connection.Transport;
        _client.Shutdown(SocketShutdown.Send);
        await closed.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task ATokenAskedForAfterTheEndIsCancelled()
    {
        _client.Shutdown(SocketShutdown.Send);
        Assert.True((await ReadAsync()).IsCompleted);
        await ClosedAsync().WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task AResetFailsTheRead()
    {
        _client.LingerState = new LingerOption(true, 0);
        _ = _connection.Transport;
        _client.Close();
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await ReadAsync());
    }

    [Fact]
    public async Task AnOutputThatEndsWithAnErrorIsAReset()
    {
        await _connection.Transport.Output.WriteAsync("half of it"u8.ToArray(), Token);
        await _connection.Transport.Output.CompleteAsync(new InvalidOperationException("the other half failed"));
        await AssertResetAsync();
    }

    [Fact]
    public async Task AnAbortEndsAFlushThatWaits()
    {
        Task<FlushResult> flush = await FillOutputAsync();
        var reason = new ConnectionAbortedException("enough");
        _connection.Abort(reason);
        Assert.True((await flush.WaitAsync(Patience, Token)).IsCompleted);
        Assert.Same(reason, await Record.ExceptionAsync(async () => await ReadAsync()));
        await _connection.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        await AssertResetAsync();
    }

    [Fact]
    public async Task AStoppedReactorResetsWhatIsOpen()
    {
        _ = _connection.Transport;
        await _client.SendAsync("x"u8.ToArray(), Token);
        Assert.Equal(1, (await ReadAsync()).Buffer.Length);
        await _transport.DisposeAsync();
        await AssertResetAsync();
    }

    [Fact]
    public async Task WhatIsReceivedAheadOfTheApplicationIsBounded()
    {
        _ = _connection.Transport;
        _client.SendBufferSize = 64 * 1024;
        byte[] piece = new byte[64 * 1024];
        const int Pieces = 1_000;
        Task sending = Task.Run(
            async () =>
            {
                for (int i = 0; i < Pieces; i++)
                {
                    for (int sent = 0; sent < piece.Length;)
                        sent += await _client.SendAsync(piece.AsMemory(sent), Token);
                }

                _client.Shutdown(SocketShutdown.Send);
            },
            Token);

        long read = 0;
        long most = 0;
        while (true)
        {
            ReadResult result = await ReadAsync();
            read += result.Buffer.Length;
            most = Math.Max(most, result.Buffer.Length);
            _connection.Transport.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                break;
            await Task.Yield();
        }

        await sending;
        Assert.Equal((long)Pieces * piece.Length, read);
        Assert.InRange(most, 1, 1024 * 1024 + (256 * 1024));
    }

    private async Task<Task<FlushResult>> FillOutputAsync()
    {
        byte[] piece = new byte[256 * 1024];
        while (true)
        {
            Task<FlushResult> flush = _connection.Transport.Output.WriteAsync(piece, Token).AsTask();
            while (!flush.IsCompleted)
            {
                if (IsStuck())
                    return flush;
                await Task.Yield();
            }
        }
    }

    // Bytes wait, and all that were sent are acknowledged: the client's window is closed, and opens only when it receives. Until
    // then the kernel's buffers are full, though they grow.
    private bool IsStuck()
    {
        StreamSocket socket = ((ReactorConnection)_connection).Socket;
        uint unsent = socket.ReadTcpInfo().NotSentBytes;
        return unsent > 0 && socket.OutQueue == unsent;
    }

    private Task ClosedAsync()
    {
        var closed = new TaskCompletionSource();
        _connection.ConnectionClosed.Register(closed.SetResult);
        return closed.Task;
    }

    private Task<ReadResult> ReadAsync() => _connection.Transport.Input.ReadAsync(Token).AsTask().WaitAsync(Patience, Token);

    private async Task<byte[]> ReceiveToEndAsync()
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (await _client.ReceiveAsync(buffer, Token).AsTask().WaitAsync(Patience, Token) is > 0 and var got)
            all.Write(buffer, 0, got);
        return all.ToArray();
    }

    private async Task AssertResetAsync()
    {
        var error = Assert.IsType<SocketException>(await Record.ExceptionAsync(ReceiveToEndAsync));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }
}
