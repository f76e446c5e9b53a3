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
/// A connection's whole life: admit, dial, splice, record. One handler serves one accept loop, and every step of a
/// connection runs where that loop runs.
/// </summary>
internal sealed class ConnectionHandler(
    ListenerState listener, ITransport transport, Dialer dialer,
    ConnectionTable table, ConnectionRecorder recorder, DefectLog defects)
{
    private readonly ConnectionShard _live = table.AddShard();
    private readonly ByteMeter _meter = listener.AddMeter();

    /// <summary>Owns the accepted connection until it is closed. Never fails: what goes wrong harms this connection only.</summary>
    public async Task RunAsync(ConnectionContext client)
    {
        var connection = new ProxiedConnection(table.NextId(), listener, client, _meter);
        if (listener.Admit() is not EndReason.None and var refusal)
        {
            await CloseAsync(connection);
            recorder.Refused(connection, refusal);
            return;
        }

        _live.Add(connection);
        SpliceResult end;
        try
        {
            // Dialling ends where it began: this goes on there at once, without the way through the reactor's queue.
            Dialled dialled = await dialer.DialAsync(connection).ConfigureAwait(false);
            if (dialled.IsConnected)
                end = await transport.Splicer.SpliceAsync(connection.JoinWith(dialled.Upstream));
            else
                end = await FailAsync(connection, dialled.Failure, dialled.Errno);
        }
        catch (Exception defect)
        {
            defects.Report(connection, defect);
            end = await FailAsync(connection, EndReason.InternalError, Errno.None);
        }

        if (connection.IsJoined)
            connection.Endpoint?.Closed();
        _live.Remove(connection);
        listener.Release();
        recorder.Ended(connection, end);
    }

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
