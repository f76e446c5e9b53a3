using Sluice.ProxyHost.Model;
using Sluice.Redirect;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Connections;

/// <summary>
/// Chooses the cluster of each connection by the listener's routes. Where the source alone decides nothing is waited for;
/// otherwise the first bytes are looked at, within the limits, and none is taken.
/// </summary>
internal sealed class Router(RouteTable table, AcceptLane lane, ITransport transport)
{
    /// <summary>Completes when the connection has its cluster. Otherwise the errno of the client's connection, or ECANCELED.</summary>
    public async ValueTask<Errno> RouteAsync(ProxiedConnection connection)
    {
        var inspection = new RouteInspection(table, connection.ClientAddress, connection.ServedAddress);
        Errno errno = inspection.Inspect(default, isFinal: false)
            ? Errno.None
            : await transport.InspectAsync(connection.Client, inspection, table.Limits, connection);
        connection.ServerName = inspection.ServerName;
        if (errno == Errno.None)
            connection.Take(lane.Clusters[table.ClusterOf(inspection.Route).Index], table.NameOf(inspection.Route));
        return errno;
    }
}
