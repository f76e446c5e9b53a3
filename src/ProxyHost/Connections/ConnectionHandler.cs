using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Connections;

/// <summary>
/// A connection's whole life: admit, hear who it is from, route, dial, tell the server who it is for, register, splice, record. One handler serves one accept loop, and every step
/// of a connection runs where that loop runs.
/// </summary>
internal sealed class ConnectionHandler(
    AcceptLane lane, ITransport transport, ConnectionTable table, ConnectionRecorder recorder, DefectLog defects)
{
    private readonly ListenerState _listener = lane.Listener;
    private readonly ConnectionShard _live = table.AddShard();
    private readonly ProxyHeaderReception? _reception = lane.Listener.ProxyProtocol is { } expected ? new(expected, transport) : null;
    private readonly Router? _router = lane.Listener.Routes is { } routes ? new Router(routes, lane, transport) : null;

    /// <summary>Whose connections it handles.</summary>
    public ListenerState Listener => _listener;

    /// <summary>Those that are open.</summary>
    public ConnectionShard Live => _live;

    // What is awaited with ConfigureAwait(false) ends where it began: this goes on there at once, without the way through the
    // reactor's queue.

    /// <summary>Owns the accepted connection until it is closed. Never fails: what goes wrong harms this connection only.</summary>
    public Task RunAsync(ConnectionContext client)
    {
        var connection = new ProxiedConnection(table.NextId(), client, lane);
        _listener.Live.AddAccepted();
        if (_listener.Live.IsDraining)
            return RefuseAsync(connection, EndReason.ListenerDraining);
        return _listener.Connections.TryEnter() ? RunAsync(connection) : RefuseAsync(connection, EndReason.ListenerLimit);
    }

    // While a connection is spliced, what this method keeps is in memory for it. So it awaits one type only and has nothing but
    // the connection: half of what it would be with all the steps in here.
    private async Task RunAsync(ProxiedConnection connection)
    {
        _live.Add(connection);
        connection.Cluster.Change(+1);
        SpliceResult? end;
        try
        {
            end = await JoinAsync(connection).ConfigureAwait(false)
                ?? await transport.Splicer.SpliceAsync(connection).ConfigureAwait(false);
        }
        catch (Exception defect)
        {
            defects.Report(connection, defect);
            end = null;
        }

        end ??= await FailAsync(connection, EndReason.InternalError, Errno.None).ConfigureAwait(false);
        Leave(connection, end);
    }

    // Null: both sides are there and may be spliced.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SpliceResult?> JoinAsync(ProxiedConnection connection)
    {
        if (_reception is not null && await _reception.ReceiveAsync(connection) is (not EndReason.None, _) and var (unheard, broken))
            return await FailAsync(connection, unheard, broken).ConfigureAwait(false);
        if (Judge(connection) is not EndReason.None and var refusal)
            return await FailAsync(connection, refusal, Errno.None).ConfigureAwait(false);
        if (_router is not null && await _router.RouteAsync(connection) is not Errno.None and var gone)
            return await FailAsync(connection, connection.ReasonFor(gone), gone).ConfigureAwait(false);
        if (connection.Cluster.Cluster.HasOriginalDestination && !Transparency.FindDestination(connection, transport, lane.Own))
            return await FailAsync(connection, EndReason.DestinationLoop, Errno.None).ConfigureAwait(false);
        if (!connection.TryAdmit())
            return await FailAsync(connection, EndReason.ClusterLimit, Errno.None).ConfigureAwait(false);

        Dialled dialled = await connection.Dialer.DialAsync(connection).ConfigureAwait(false);
        if (!dialled.IsConnected)
            return await FailAsync(connection, dialled.Failure, dialled.Errno).ConfigureAwait(false);
        SplicePair pair = connection.JoinWith(dialled.Upstream);
        if (connection.Cluster.Cluster.SentHeader is { } header && await transport.SendFirstAsync(pair.Upstream, header.For(connection)) is not Errno.None and var unsent)
            return await FailAsync(connection, unsent is Errno.ECONNRESET or Errno.EPIPE ? EndReason.UpstreamReset : EndReason.UpstreamError, unsent).ConfigureAwait(false);
        if (!_listener.TryRegister(pair, out Errno refused))
            return await FailAsync(connection, EndReason.MapRefused, refused).ConfigureAwait(false);
        recorder.Opened(connection);
        return null;
    }

    private EndReason Judge(ProxiedConnection connection)
    {
        EndReason refusal = _listener.Gate?.Judge(connection) ?? EndReason.None;
        if (connection.WouldRefuse != EndReason.None)
            recorder.WouldRefuse(connection);
        return refusal;
    }

    // Whoever waits for the last connection to be gone may count on its record.
    private void Leave(ProxiedConnection connection, SpliceResult end)
    {
        if (end.Reason.IsRefusal() && !connection.IsJoined)
            recorder.Refused(connection, end.Reason);
        else
            recorder.Ended(connection, end);
        _listener.Gate?.Leave(connection);
        if (connection.IsJoined)
            connection.Endpoint?.Closed();
        if (connection.IsAdmitted)
            connection.Cluster.Cluster.Connections.Leave();
        connection.Cluster.Change(-1);
        _live.Remove(connection);
        _listener.Connections.Leave();
    }

    private async Task RefuseAsync(ProxiedConnection connection, EndReason reason)
    {
        await CloseAsync(connection);
        recorder.Refused(connection, reason);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SpliceResult> FailAsync(ProxiedConnection connection, EndReason reason, Errno errno)
    {
        if (!reason.IsRefusal() && connection.IsKept(reason))
            connection.Keep(transport.FactsOf(connection.Client), connection.IsJoined ? transport.FactsOf(connection.Upstream) : null);
        await CloseAsync(connection);
        return new(reason, connection.BytesFromClient, connection.BytesFromUpstream, FirstToClose: null, errno);
    }

    private async ValueTask CloseAsync(ProxiedConnection connection)
    {
        try
        {
            await transport.ResetAsync(connection.Client);
            if (connection.IsJoined)
                await transport.ResetAsync(connection.Upstream);
        }
        catch (Exception defect)
        {
            defects.Report(connection, defect);
        }
    }
}
