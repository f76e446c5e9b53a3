using System.Net;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Splicing;

namespace Sluice.Redirect.Transports;

/// <summary>
/// What the daemon needs of a Kestrel transport: listeners, dialling with failures as values, and the splicer that fits
/// its connections. Endpoints are <see cref="IPEndPoint"/> or <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>.
/// </summary>
public interface ITransport : IAsyncDisposable
{
    /// <summary>The splicer for two connections of this transport.</summary>
    ISplicer Splicer { get; }

    /// <summary>
    /// Binds and listens. One listener per accept queue: the reactor transport gives one per reactor, whose
    /// connections stay on it, the socket transport gives one. Throws <see cref="BindException"/>.
    /// </summary>
    ValueTask<IReadOnlyList<IConnectionListener>> BindAsync(EndPoint endPoint, CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="BindAsync"/>, but connections to addresses that are not this host's are taken as well, where packets are led here
    /// (IP_TRANSPARENT, for TPROXY). Only the reactor transport can.
    /// </summary>
    ValueTask<IReadOnlyList<IConnectionListener>> BindTransparentAsync(EndPoint endPoint) =>
        throw new NotSupportedException("This transport has no transparent listeners");

    /// <summary>
    /// The same of a listener that is bound already, or no longer; who waits in its queue is not touched. None, or EPERM where it is
    /// not allowed to. Only the reactor transport can.
    /// </summary>
    Errno SetTransparent(IConnectionListener listener, bool isTransparent) =>
        throw new NotSupportedException("This transport has no transparent listeners");

    /// <summary>
    /// As <see cref="ConnectAsync"/>, but the connection comes from an address that need not be this host's; with port 0 from any port of
    /// it. Only the reactor transport can.
    /// </summary>
    ValueTask<ConnectResult> ConnectFromAsync(IPEndPoint source, EndPoint endPoint, TimeSpan timeout, IAbortScope? scope = null) =>
        throw new NotSupportedException("This transport chooses no source addresses");

    /// <summary>
    /// What an accepted connection was made to, before anything led it here; null where nobody knows. Before it is spliced, where it lives.
    /// </summary>
    IPEndPoint? OriginalDestinationOf(ConnectionContext connection) => null;

    /// <summary>
    /// Runs <paramref name="accept"/> where the listener's connections live: on its reactor, or on the thread pool.
    /// Completes when the accept loop has ended.
    /// </summary>
    Task RunAsync(IConnectionListener listener, Func<IConnectionListener, Task> accept);

    /// <summary>
    /// Dials. On a reactor, the connection is made on that reactor. A failure, an expired <paramref name="timeout"/>
    /// (ETIMEDOUT), want of file descriptors (EMFILE) and an abort through <paramref name="scope"/> (ECANCELED) are values.
    /// </summary>
    ValueTask<ConnectResult> ConnectAsync(EndPoint endPoint, TimeSpan timeout, IAbortScope? scope = null);

    /// <summary>
    /// Shows the first bytes of an accepted connection to <paramref name="inspector"/>; none is taken. None: it has seen enough,
    /// or all there was within the limits. Otherwise the errno of the connection, or ECANCELED after an abort through
    /// <paramref name="scope"/>. Before anything else reads, where the connection lives.
    /// </summary>
    ValueTask<Errno> InspectAsync(
        ConnectionContext connection, IPreludeInspector inspector, PreludeLimits limits, IAbortScope? scope = null);

    /// <summary>No connection lies in these maps any more: gives them back, with all that the splicer has made for them. Once.</summary>
    ValueTask ReleaseAsync(SpliceMaps maps);

    /// <summary>
    /// Takes so many of an accepted connection's first bytes, which an inspection has shown, and drops them: what follows begins
    /// the stream. Results as of <see cref="InspectAsync"/>. Before anything else reads, where the connection lives.
    /// </summary>
    ValueTask<Errno> DiscardAsync(ConnectionContext connection, int count);

    /// <summary>
    /// Sends the first bytes of a dialled connection, in one piece, without waiting for room that a new connection has anyway.
    /// None when the kernel has all of them; otherwise an errno, ENOBUFS where it took less, and the connection is to be reset.
    /// Before it is spliced, where it lives.
    /// </summary>
    ValueTask<Errno> SendFirstAsync(ConnectionContext connection, ReadOnlyMemory<byte> bytes);

    /// <summary>What TCP knows of a connection that no splice owns, where it lives; null where the transport cannot tell.</summary>
    TcpFacts? FactsOf(ConnectionContext connection) => null;

    /// <summary>Ends a connection of this transport with RST and frees it. For refusing before a splice owns it.</summary>
    ValueTask ResetAsync(ConnectionContext connection);
}
