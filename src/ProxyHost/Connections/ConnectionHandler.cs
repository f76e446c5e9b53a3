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
/// A connection's whole life: admit, route, dial, register, splice, record. One handler serves one accept loop, and every step
/// of a connection runs where that loop runs.
/// </summary>
internal sealed class ConnectionHandler(
    AcceptLane lane, ITransport transport, ConnectionTable table, ConnectionRecorder recorder, DefectLog defects)
{
    private readonly ListenerState _listener = lane.Listener;
    private readonly ConnectionShard _live = table.AddShard();
    private readonly Router? _router = lane.Listener.Routes is { } routes ? new Router(routes, lane, transport) : null;

    /// <summary>Owns the accepted connection until it is closed. Never fails: what goes wrong harms this connection only.</summary>
    public async Task RunAsync(ConnectionContext client)
    {
        var connection = new ProxiedConnection(table.NextId(), client, lane);
        if (!_listener.Connections.TryEnter())
        {
            await CloseAsync(connection);
            recorder.Refused(connection, EndReason.ListenerLimit);
            return;
        }

        _live.Add(connection);
        connection.Cluster.Change(+1);
        bool isAdmitted = false;
        SpliceResult end;
        try
        {
            if (_router is not null && await _router.RouteAsync(connection) is not Errno.None and var gone)
            {
                end = await FailAsync(connection, ReasonFor(connection, gone), gone);
            }
            else if (!(isAdmitted = connection.Cluster.Cluster.Connections.TryEnter()))
            {
                end = await FailAsync(connection, EndReason.ClusterLimit, Errno.None);
            }
            else
            {
                // Dialling ends where it began: this goes on there at once, without the way through the reactor's queue.
                Dialled dialled = await connection.Dialer.DialAsync(connection).ConfigureAwait(false);
                if (!dialled.IsConnected)
                    end = await FailAsync(connection, dialled.Failure, dialled.Errno);
                else if (!_listener.TryRegister(connection.JoinWith(dialled.Upstream), out Errno refused))
                    end = await FailAsync(connection, EndReason.MapRefused, refused);
                else
                    end = await transport.Splicer.SpliceAsync(connection);
            }
        }
        catch (Exception defect)
        {
            defects.Report(connection, defect);
            end = await FailAsync(connection, EndReason.InternalError, Errno.None);
        }

        // Whoever waits for the last connection to be gone may count on its record.
        if (end.Reason == EndReason.ClusterLimit && !isAdmitted)
            recorder.Refused(connection, EndReason.ClusterLimit);
        else
            recorder.Ended(connection, end);
        if (connection.IsJoined)
            connection.Endpoint?.Closed();
        if (isAdmitted)
            connection.Cluster.Cluster.Connections.Leave();
        connection.Cluster.Change(-1);
        _live.Remove(connection);
        _listener.Connections.Leave();
    }

    private static EndReason ReasonFor(ProxiedConnection connection, Errno errno) => (connection.AbortedFor, errno) switch
    {
        (not EndReason.None and var aborted, _) => aborted,
        (_, Errno.ECONNRESET) => EndReason.ClientReset,
        _ => EndReason.ClientError,
    };

    private async ValueTask<SpliceResult> FailAsync(ProxiedConnection connection, EndReason reason, Errno errno)
    {
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
