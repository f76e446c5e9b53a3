using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// One Kestrel listener over the listeners of all reactors. Connections cross to the caller's thread through a bounded
/// channel; while it is full they wait in the kernel's queue.
/// </summary>
internal sealed class MergedListener : IConnectionListener
{
    private readonly IReadOnlyList<IConnectionListener> _listeners;
    private readonly Channel<ConnectionContext> _accepted =
        Channel.CreateBounded<ConnectionContext>(new BoundedChannelOptions(128) { SingleReader = true });
    private readonly Task _accepting;

    internal MergedListener(IReadOnlyList<IConnectionListener> listeners)
    {
        _listeners = listeners;
        _accepting = Task.WhenAll(listeners.Select(l => ReactorTransportFactory.ReactorOf(l).InvokeAsync(() => ForwardAsync(l))));
    }

    public EndPoint EndPoint => _listeners[0].EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepted.Reader.TryRead(out ConnectionContext? connection))
                return connection;
        }

        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        foreach (IConnectionListener listener in _listeners)
            await listener.UnbindAsync(cancellationToken);
        await _accepting;
        _accepted.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        // A forwarder that waits for room would keep the unbinding waiting for itself.
        _accepted.Writer.TryComplete();
        await UnbindAsync();
        while (_accepted.Reader.TryRead(out ConnectionContext? connection))
        {
            connection.Abort(new ConnectionAbortedException("The listener was disposed"));
            await connection.DisposeAsync();
        }
    }

    private async Task<bool> ForwardAsync(IConnectionListener listener)
    {
        while (await listener.AcceptAsync() is { } connection)
        {
            try
            {
                await _accepted.Writer.WriteAsync(connection);
            }
            catch (ChannelClosedException)
            {
                connection.Abort(new ConnectionAbortedException("The listener was disposed"));
            }
        }

        return true;
    }
}
