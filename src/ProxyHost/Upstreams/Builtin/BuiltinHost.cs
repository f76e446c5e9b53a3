using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Upstreams.Builtin;

/// <summary>
/// Runs the embedded upstreams that the configuration names. Each listens on an abstract unix socket through the same
/// transport, so that a connection to it is proxied like any other.
/// </summary>
internal sealed class BuiltinHost(ITransport transport, ProxyModel model, ILogger<BuiltinHost> log) : IAsyncDisposable
{
    private readonly List<IConnectionListener> _queues = [];

    /// <summary>Binds and serves, and tells the endpoints where.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IEnumerable<EndpointState> builtins = model.Clusters
            .SelectMany(cluster => cluster.Endpoints)
            .Where(endpoint => endpoint.Config.Kind == EndpointKind.Builtin);
        foreach (IGrouping<string, EndpointState> users in builtins.GroupBy(endpoint => endpoint.Config.Host))
        {
            var address = new UnixDomainSocketEndPoint($"\0sluice-{users.Key}-{Guid.NewGuid():N}");
            foreach (IConnectionListener queue in await transport.BindAsync(address, cancellationToken))
            {
                _queues.Add(queue);
                _ = transport.RunAsync(queue, listener => AcceptAsync(listener, users.Key));
            }

            foreach (EndpointState user in users)
                user.Locate(address);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IConnectionListener queue in _queues)
            await queue.DisposeAsync();
        _queues.Clear();
    }

    private async Task AcceptAsync(IConnectionListener queue, string name)
    {
        BuiltinService service = BuiltinServices.Named(name);
        while (await queue.AcceptAsync() is { } connection)
            _ = ServeAsync(connection, name, service);
    }

    private async Task ServeAsync(ConnectionContext connection, string name, BuiltinService service)
    {
        try
        {
            await using (connection)
            {
                // Not ConnectionClosed: that is cancelled by FIN already, with bytes still to be answered.
                await service(connection.Transport, CancellationToken.None);
                await connection.Transport.Output.CompleteAsync();
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
            // The proxied connection was reset, and its record says so.
        }
        catch (Exception defect)
        {
            log.BuiltinDefect(defect, name);
        }
    }
}
