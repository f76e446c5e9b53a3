using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Sluice.Redirect.Transports;

/// <summary>
/// Accepts stock socket connections. Kestrel's own listener is not used because it takes every accept error for a client
/// that gave up, and so spins when the process is out of file descriptors; this one pauses.
/// </summary>
internal sealed class SocketsListener(Socket socket, SocketConnectionContextFactory connections, Action<EndPoint, Errno>? failed)
    : IConnectionListener, IHandOver
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _handedOver = new();
    private readonly EndPoint _endPoint = socket.LocalEndPoint!;

    /// <inheritdoc/>
    public EndPoint EndPoint => _endPoint;

    /// <inheritdoc/>
    public int Descriptor => socket.SafeHandle.IsClosed ? -1 : (int)socket.SafeHandle.DangerousGetHandle();

    /// <inheritdoc/>
    public async ValueTask HandOverAsync() => await _handedOver.CancelAsync();

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(_handedOver.Token, cancellationToken);
                return Wrap(await socket.AcceptAsync(either.Token));
            }
            catch (OperationCanceledException) when (_handedOver.IsCancellationRequested)
            {
                return null;
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // The client gave up while it waited in the backlog.
            }
            catch (SocketException error)
            {
                failed?.Invoke(_endPoint, error.ToErrno());
                if (!await PauseAsync(cancellationToken))
                    return null;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _closed.Cancel();
        // Closing a bound unix socket also removes its file, which is another process's then.
        if (!_handedOver.IsCancellationRequested)
            socket.Dispose();
        return default;
    }

    private ConnectionContext Wrap(Socket accepted)
    {
        try
        {
            if (accepted.AddressFamily != AddressFamily.Unix)
                accepted.NoDelay = true;
        }
        catch (SocketException)
        {
            // Already reset; the first read will say so.
        }

        return connections.Create(accepted);
    }

    private async ValueTask<bool> PauseAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, cancellationToken);
        await Task.Delay(Pause, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return !_closed.IsCancellationRequested;
    }
}
