using System.Net;
using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Upgrades;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Admin;

/// <summary>
/// What Kestrel accepts the admin endpoint's clients with. Its own listener takes want of descriptors for a client that
/// gave up and tries again at once, so that a health probe would burn a core just when there is trouble already.
/// </summary>
internal sealed class AdminTransport(AcceptFailures failures, StartSockets start) : IConnectionListenerFactory, IAsyncDisposable
{
    private readonly SocketsTransport _sockets = new(failures.Report, inherited: start.Inherited);
    private IConnectionListener[] _listeners = [];

    /// <summary>What is bound. Readable from any thread.</summary>
    public IReadOnlyList<IConnectionListener> Listeners => Volatile.Read(ref _listeners);

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        IConnectionListener listener = (await _sockets.BindAsync(endpoint, cancellationToken))[0];
        failures.Attribute(listener.EndPoint, "admin");
        Volatile.Write(ref _listeners, [.. _listeners, listener]);
        return listener;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sockets.DisposeAsync();
}
