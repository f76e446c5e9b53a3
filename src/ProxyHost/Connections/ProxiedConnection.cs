using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Model.Live;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect;
using Sluice.Redirect.ProxyProtocol;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Verdicts;

namespace Sluice.ProxyHost.Connections;

/// <summary>
/// One accepted connection while it lives, from accept to end: the pair that is dialled for and then spliced, and what the
/// daemon knows of it. Written by its handler only, on the connection's own reactor; everything may be read, and
/// <see cref="SplicePair.Abort"/> called, from any thread.
/// </summary>
internal sealed class ProxiedConnection(long id, ConnectionContext client, AcceptLane lane)
    : SplicePair(client, lane.Clusters[0]), IDialling, IVerdictObserver
{
    private byte _attempts;
    private bool _mayOffload;
    private bool _mayBypass;
    private Keeping _keeping;

    private enum Keeping : byte
    {
        NotAsked = 0,
        LeftOut,
        Kept,
    }

    /// <summary>Unique while the process lives.</summary>
    public long Id { get; } = id;

    /// <summary>Who accepted it.</summary>
    public ListenerState Listener => Lane.Cluster.Listener;

    /// <summary>Where it goes; the listener's own cluster while no route has been chosen.</summary>
    public ListenerCluster Cluster => Lane.Cluster;

    /// <summary>Its source's place in the listener's table; -1 without one.</summary>
    public int SourcePlace { get; set; } = -1;

    /// <summary>The limit in a dry run that would have refused it; None where none would.</summary>
    public EndReason WouldRefuse { get; set; }

    /// <summary>The name in the client's ClientHello, where routes have looked and somebody wants to know; else null.</summary>
    public string? ServerName
    {
        get => Trace?.ServerName;
        set
        {
            if (value is not null)
                NeedTrace().ServerName = value;
        }
    }

    /// <summary>The route that chose the cluster; null where none did.</summary>
    public string? Route => Trace?.Route;

    /// <summary>The last rule that did more than pass bytes on, and did; null where none has.</summary>
    public RuleName? DecidedBy => Trace?.DecidedBy;

    /// <summary>Dials its cluster.</summary>
    public Dialer Dialer => Lane.Dialer;

    /// <summary>What a proxy in front told of it; null where none did.</summary>
    public ProxyHeader? Origin
    {
        get => Trace?.Origin;
        set => NeedTrace().Origin = value;
    }

    /// <summary>
    /// Who the client is: the address that a proxy in front told, else the socket's. Known for as long as the connection object
    /// lives, also when the socket is long closed.
    /// </summary>
    public EndPoint? ClientAddress => Origin?.Source ?? Client.RemoteEndPoint;

    /// <summary>What the client has connected to, by the same.</summary>
    public EndPoint? ServedAddress => Origin?.Destination ?? Client.LocalEndPoint;

    /// <inheritdoc/>
    public IPEndPoint? Destination
    {
        get => Trace?.Destination;
        set => NeedTrace().Destination = value;
    }

    /// <inheritdoc/>
    public IPEndPoint? Source => ClientAddress as IPEndPoint;

    /// <summary><see cref="Stopwatch"/> timestamp.</summary>
    public long AcceptedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary><see cref="Stopwatch"/> timestamp; 0 while there is no upstream.</summary>
    public long ConnectedAt { get; private set; }

    /// <summary><see cref="Stopwatch"/> timestamp of the moment a route chose; 0 where none has.</summary>
    public long RoutedAt => Trace?.RoutedAt ?? 0;

    /// <summary><see cref="Stopwatch"/> timestamp of the moment it got one of its cluster's places; 0 before.</summary>
    public long AdmittedAt { get; private set; }

    /// <summary><see cref="Stopwatch"/> timestamp of the last attempt's beginning; 0 before the first.</summary>
    public long AttemptAt { get; private set; }

    /// <summary>What is kept of it besides these fields; null while nothing unusual has happened.</summary>
    public ConnectionTrace? Trace { get; private set; }

    /// <inheritdoc/>
    public int Attempts
    {
        get => _attempts;
        set => _attempts = (byte)value; // the configuration allows 100
    }

    /// <inheritdoc/>
    public EndpointState? Endpoint { get; set; }

    /// <inheritdoc/>
    public string? Trouble
    {
        get => Trace?.Trouble;
        set
        {
            if (value is not null || Trace is not null)
                NeedTrace().Trouble = value;
        }
    }

    /// <inheritdoc/>
    public override bool MayOffload => _mayOffload;

    /// <inheritdoc/>
    public override bool MayBypass => _mayBypass;

    /// <inheritdoc/>
    public override IClusterDialer? Clusters => Lane.Further?.For(this);

    /// <inheritdoc/>
    public override IVerdictObserver? Observer => Lane.Tally is null ? null : this;

    private ClusterLane Lane => (ClusterLane)Terms;

    /// <summary>Neighbours in the shard's list, guarded by the shard.</summary>
    internal ProxiedConnection? Previous { get; set; }

    /// <summary>Neighbours in the shard's list, guarded by the shard.</summary>
    internal ProxiedConnection? Next { get; set; }

    /// <summary>True while it has one of its cluster's places.</summary>
    public bool IsAdmitted => AdmittedAt != 0;

    /// <summary>Takes one of its cluster's places; false when all are taken.</summary>
    public bool TryAdmit()
    {
        if (!Cluster.Cluster.Connections.TryEnter())
            return false;
        AdmittedAt = Stopwatch.GetTimestamp();
        return true;
    }

    /// <inheritdoc/>
    public void AttemptBegan(long at) => AttemptAt = at;

    /// <inheritdoc/>
    public void AttemptFailed(string endpoint, string error, long began) =>
        NeedTrace().Add(new TraceEntry(Stopwatch.GetTimestamp(), began, endpoint, error, default, default));

    /// <inheritdoc/>
    protected override void OnPathChanged(Direction direction, DataPath path) =>
        NeedTrace().Add(new TraceEntry(Stopwatch.GetTimestamp(), 0, null, null, direction, path));

    /// <summary>
    /// Whether the flight recorder keeps it, having ended so: decided when it is first asked, since what it is to keep must be
    /// read while the sockets are there.
    /// </summary>
    public bool IsKept(EndReason reason)
    {
        if (_keeping == Keeping.NotAsked)
            _keeping = Lane.Flights?.TryKeep(reason) == true ? Keeping.Kept : Keeping.LeftOut;
        return _keeping == Keeping.Kept;
    }

    /// <inheritdoc/>
    protected override bool WantsFacts(EndReason reason) => IsKept(reason);

    /// <inheritdoc/>
    protected override void OnEnding(TcpFacts? client, TcpFacts? upstream) => Keep(client, upstream);

    /// <summary>Keeps what TCP knew of both sockets at the end.</summary>
    public void Keep(TcpFacts? client, TcpFacts? upstream)
    {
        ConnectionTrace trace = NeedTrace();
        (trace.Client, trace.Upstream) = (client, upstream);
    }

    /// <summary>What a failure of the client's socket before there is an upstream means for it.</summary>
    public EndReason ReasonFor(Errno errno) => (AbortedFor, errno) switch
    {
        (not EndReason.None and var aborted, _) => aborted,
        (_, Errno.ECONNRESET) => EndReason.ClientReset,
        _ => EndReason.ClientError,
    };

    /// <summary>A route has chosen.</summary>
    public void Take(ClusterLane cluster, string? route)
    {
        Cluster.Change(-1);
        cluster.Cluster.Change(+1);
        Terms = cluster;
        ConnectionTrace trace = NeedTrace();
        (trace.Route, trace.RoutedAt) = (route, Stopwatch.GetTimestamp());
    }

    /// <summary>What rules have dialled for it besides its upstream, and is open.</summary>
    public IReadOnlyList<FurtherDial> Further => Trace?.Further ?? [];

    /// <summary>Whether it has a connection to this endpoint, its upstream or one that rules have dialled.</summary>
    public bool IsConnectedTo(EndpointLive endpoint) =>
        IsJoined && (Endpoint?.Live == endpoint || Further.Any(further => further.Endpoint?.Live == endpoint));

    /// <summary>A rule redirects to another cluster, and there is a connection.</summary>
    public void LeadsTo(FurtherDial further) => NeedTrace().Add(further);

    /// <summary>That connection has been closed.</summary>
    public void NoLongerLeadsTo(FurtherDial further) => Trace?.Remove(further);

    /// <summary>The upstream is there: both sides can be spliced.</summary>
    public SplicePair JoinWith(ConnectionContext upstream)
    {
        ConnectedAt = Stopwatch.GetTimestamp();
        OffloadStanding offload = Cluster.Offload;
        (_mayOffload, _mayBypass) = (offload.MayOffload, offload.MayBypass);
        offload.Fallback?.Add();
        Join(upstream);
        return this;
    }

    void IVerdictObserver.OnRule(IVerdictProgram program, int rule)
    {
        ProgramState state = Lane.Tally!.Count(program, rule);
        if (state.Interesting(rule) is { } name)
            NeedTrace().DecidedBy = name;
    }

    private ConnectionTrace NeedTrace() => Trace ??= new();
}
