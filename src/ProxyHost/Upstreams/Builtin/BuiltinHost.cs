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
    private readonly Dictionary<string, UnixDomainSocketEndPoint> _addresses = [];

    /// <summary>Binds and serves, and tells the endpoints of the model in force where.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => ServeAsync(model.Current, cancellationToken);

    /// <summary>Likewise for those of any snapshot; what serves already goes on. One call at a time.</summary>
    public async Task ServeAsync(ModelSnapshot snapshot, CancellationToken cancellationToken)
    {
        IEnumerable<EndpointState> builtins = snapshot.Clusters
            .SelectMany(cluster => cluster.Endpoints)
            .Where(endpoint => endpoint.Config.Kind == EndpointKind.Builtin);
        foreach (EndpointState user in builtins)
        {
            if (!_addresses.TryGetValue(user.Config.Host, out UnixDomainSocketEndPoint? address))
                _addresses[user.Config.Host] = address = await BindAsync(user.Config.Host, cancellationToken);
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

    private async Task<UnixDomainSocketEndPoint> BindAsync(string name, CancellationToken cancellationToken)
    {
        var address = new UnixDomainSocketEndPoint($"\0sluice-{name}-{Guid.NewGuid():N}");
        foreach (IConnectionListener queue in await transport.BindAsync(address, cancellationToken))
        {
            _queues.Add(queue);
            _ = transport.RunAsync(queue, listener => AcceptAsync(listener, name));
        }

        return address;
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
