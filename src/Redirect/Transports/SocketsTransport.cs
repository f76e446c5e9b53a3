using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Pipes;

namespace Sluice.Redirect.Transports;

/// <summary>
/// Kestrel's stock socket connections behind <see cref="ITransport"/>: portable, on the thread pool, spliced pipe to pipe.
/// Safe from any thread. Dispose it after its listeners and connections.
/// </summary>
public sealed class SocketsTransport : ITransport
{
    private readonly SocketConnectionContextFactory _connections;
    private readonly Action<EndPoint, Errno>? _acceptFailed;
    private readonly InheritedSockets? _inherited;

    /// <summary>A transport with no connections yet.</summary>
    /// <param name="acceptFailed">Hears of accepts that failed, with the listening endpoint; accepting then pauses for 100 ms.</param>
    /// <param name="logger">Hears at debug level what Kestrel says of each connection.</param>
    /// <param name="inherited">Sockets to use for the addresses they listen on; null: there are none.</param>
    public SocketsTransport(Action<EndPoint, Errno>? acceptFailed = null, ILogger? logger = null, InheritedSockets? inherited = null)
    {
        (_acceptFailed, _inherited) = (acceptFailed, inherited);
        _connections = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions
            {
                // A pipe that is full with its first byte makes a completed flush mean "the kernel has it". The splicer
                // counts, half-closes and resets on the strength of that.
                MaxWriteBufferSize = 1,
                // Likewise the socket is read again only when the last bytes are out: an error that is read ends the
                // pipe at once, and bytes still in it would be lost.
                MaxReadBufferSize = 1,
            },
            logger ?? NullLogger.Instance);
    }

    /// <inheritdoc/>
    public ISplicer Splicer { get; } = new PipeSplicer();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IConnectionListener>> BindAsync(
        EndPoint endPoint, CancellationToken cancellationToken = default) => _inherited?.Take(endPoint) is { } descriptors
        ? [.. descriptors.Select(fd => Listener(new Socket(new SafeSocketHandle(fd, ownsHandle: true))))]
        : [Listener(await SocketsBinder.BindAsync(endPoint, cancellationToken))];

    /// <inheritdoc/>
    public Task RunAsync(IConnectionListener listener, Func<IConnectionListener, Task> accept) => Task.Run(() => accept(listener));

    private SocketsListener Listener(Socket socket) => new(socket, _connections, _acceptFailed);

    /// <inheritdoc/>
    public async ValueTask<ConnectResult> ConnectAsync(EndPoint endPoint, TimeSpan timeout, IAbortScope? scope = null)
    {
        Socket? socket = null;
        using var deadline = new AbortSource(scope, timeout);
        try
        {
            socket = SocketsBinder.Create(endPoint);
            await socket.ConnectAsync(endPoint, deadline.Token);
            return new ConnectResult(_connections.Create(socket), Errno.None);
        }
        catch (OperationCanceledException)
        {
            socket?.Dispose();
            return new ConnectResult(null, deadline.IsAborted ? Errno.ECANCELED : Errno.ETIMEDOUT);
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            return new ConnectResult(null, error.ToErrno(endPoint));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Errno> InspectAsync(
        ConnectionContext connection, IPreludeInspector inspector, PreludeLimits limits, IAbortScope? scope = null) =>
        PipePrelude.InspectAsync(connection, inspector, limits, scope);

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(SpliceMaps maps)
    {
        maps.Dispose();
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<Errno> DiscardAsync(ConnectionContext connection, int count) => PipePrelude.DiscardAsync(connection, count);

    /// <inheritdoc/>
    public ValueTask<Errno> SendFirstAsync(ConnectionContext connection, ReadOnlyMemory<byte> bytes) =>
        PipePrelude.SendAsync(connection, bytes);

    /// <inheritdoc/>
    public ValueTask ResetAsync(ConnectionContext connection)
    {
        connection.Abort(new ConnectionAbortedException("Refused."));
        return connection.DisposeAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connections.Dispose();
        return default;
    }
}
