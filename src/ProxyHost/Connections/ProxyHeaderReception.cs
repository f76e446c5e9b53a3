using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Sluice.Redirect.ProxyProtocol;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Connections;

/// <summary>
/// Takes the PROXY header from the beginning of each connection of one listener, and not a byte more. What comes behind it is the
/// stream that routes, programs and the upstream see.
/// </summary>
internal sealed class ProxyHeaderReception(ProxyProtocolState expected, ITransport transport)
{
    /// <summary>
    /// Completes with None when the connection may go on, with the header's addresses or its own; else with why not, and the
    /// errno where its socket failed.
    /// </summary>
    public async ValueTask<(EndReason Reason, Errno Errno)> ReceiveAsync(ProxiedConnection connection)
    {
        // Who connects to a unix socket was let in by its permissions.
        if (RemoteAddress.TryGet(connection.Client, out UInt128 source) && !expected.Trusts(source))
            return (expected.IsRequired ? EndReason.ProxyHeaderUntrusted : EndReason.None, Errno.None);

        var inspection = new ProxyHeaderInspection(expected.Limits.MaxBytes);
        Errno errno = await transport.InspectAsync(connection.Client, inspection, expected.Limits, connection);
        if (errno != Errno.None)
            return (connection.ReasonFor(errno), errno);
        if (inspection.Result.Header is not { } header)
            return (ReasonWithout(inspection, connection), Errno.None);

        errno = await transport.DiscardAsync(connection.Client, inspection.Result.Consumed);
        if (errno != Errno.None)
            return (connection.ReasonFor(errno), errno);
        connection.Origin = header;
        return default;
    }

    private EndReason ReasonWithout(ProxyHeaderInspection inspection, ProxiedConnection connection)
    {
        if (!expected.IsRequired && !inspection.HasSignature && inspection.Result.Status != ProxyHeaderStatus.Invalid)
            return EndReason.None;

        (EndReason reason, connection.Trouble) = inspection.Result.Status switch
        {
            ProxyHeaderStatus.Absent => (EndReason.ProxyHeaderInvalid, "there is no PROXY header"),
            ProxyHeaderStatus.Invalid => (EndReason.ProxyHeaderInvalid, $"PROXY header: {inspection.Result.Problem}"),
            _ => (EndReason.ProxyHeaderIncomplete, "the PROXY header was not whole in time"),
        };
        return reason;
    }
}
