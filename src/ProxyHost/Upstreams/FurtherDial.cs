using System.Net;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>Dialling a further cluster for a connection that is being spliced; afterwards the place it takes there.</summary>
internal sealed class FurtherDial : IDialling, IAbortable, IDisposable
{
    private readonly ClusterState _cluster;
    private IAbortable? _operation;
    private int _abortedFor;

    public FurtherDial(ClusterState cluster, IAbortScope scope, IPEndPoint? source)
    {
        Source = source;
        _cluster = cluster;
        scope.Enter(this);
    }

    public EndPoint? ClientAddress => null; // the splicer dials for its own socket and tells nothing of the client

    public IPEndPoint? Source { get; }

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
        Endpoint?.Closed();
        _cluster.Connections.Leave();
    }
}
