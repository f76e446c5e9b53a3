using System.Net;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>Dialling a further cluster for a connection that is being spliced; afterwards the place it takes there.</summary>
internal sealed class FurtherDial : IDialling, IAbortable, IDisposable
{
    private readonly ProxiedConnection _connection;
    private IAbortable? _operation;
    private int _abortedFor;

    public FurtherDial(ClusterState cluster, IAbortScope scope, ProxiedConnection connection)
    {
        (Cluster, _connection) = (cluster, connection);
        scope.Enter(this);
    }

    /// <summary>Where it leads.</summary>
    public ClusterState Cluster { get; }

    public EndPoint? ClientAddress => _connection.ClientAddress;

    public IPEndPoint? Source => _connection.Source;

    public int Attempts { get; set; }

    public EndpointState? Endpoint { get; set; }

    public string? Trouble { get; set; }

    public EndReason AbortedFor => (EndReason)Volatile.Read(ref _abortedFor);

    public void Enter(IAbortable operation)
    {
        Interlocked.Exchange(ref _operation, operation);
        if (AbortedFor is not EndReason.None and var reason)
            operation.Abort(reason);
    }

    public void Abort(EndReason reason)
    {
        if (Interlocked.CompareExchange(ref _abortedFor, (int)reason, 0) == 0)
            Volatile.Read(ref _operation)?.Abort(reason);
    }

    /// <summary>The connection is gone.</summary>
    public void Dispose()
    {
        _connection.NoLongerLeadsTo(this);
        Endpoint?.Closed();
        Cluster.Connections.Leave();
    }
}
