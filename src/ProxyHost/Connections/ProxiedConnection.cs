using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Connections;

/// <summary>
/// One accepted connection while it lives, from accept to end: the pair that is dialled for and then spliced, and what the
/// daemon knows of it. Written by its handler only, on the connection's own reactor; everything may be read, and
/// <see cref="SplicePair.Abort"/> called, from any thread.
/// </summary>
internal sealed class ProxiedConnection(long id, ListenerState listener, ConnectionContext client, ByteMeter meter)
    : SplicePair(client, listener.Limits, meter, listener.Maps)
{
    /// <summary>Unique while the process lives.</summary>
    public long Id { get; } = id;

    /// <summary>Who accepted it.</summary>
    public ListenerState Listener { get; } = listener;

    /// <summary>Known for as long as the connection object lives, also when the socket is long closed.</summary>
    public EndPoint? ClientAddress => Client.RemoteEndPoint;

    /// <summary><see cref="Stopwatch"/> timestamp.</summary>
    public long AcceptedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary><see cref="Stopwatch"/> timestamp; 0 while there is no upstream.</summary>
    public long ConnectedAt { get; private set; }

    /// <summary>Attempts to connect so far.</summary>
    public int Attempts { get; set; }

    /// <summary>The endpoint that is being tried or is connected to; after failure the last one tried.</summary>
    public EndpointState? Endpoint { get; set; }

    /// <summary>What an errno cannot say of a failure to connect, such as an unknown host name.</summary>
    public string? Trouble { get; set; }

    /// <summary>Neighbours in the shard's list, guarded by the shard.</summary>
    internal ProxiedConnection? Previous { get; set; }

    /// <summary>Neighbours in the shard's list, guarded by the shard.</summary>
    internal ProxiedConnection? Next { get; set; }

    /// <summary>The upstream is there: both sides can be spliced.</summary>
    public SplicePair JoinWith(ConnectionContext upstream)
    {
        ConnectedAt = Stopwatch.GetTimestamp();
        Join(upstream);
        return this;
    }
}
