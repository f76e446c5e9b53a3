using Sluice.ProxyHost.Connections;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>All that is kept of a connection that did not end in the ordinary way. Immutable; holds nothing of the connection itself.</summary>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Access">As in the access log.</param>
/// <param name="PathFromClient">The data path at the end; null where it was never connected.</param>
/// <param name="PathFromUpstream">The same of the upstream's bytes.</param>
/// <param name="Timeline">What happened to it.</param>
/// <param name="ClientTcp">What TCP knew of the client's socket just before it was closed; null where it was not asked.</param>
/// <param name="UpstreamTcp">The same of the upstream's.</param>
internal sealed record FlightRecord(
    DateTimeOffset EndedAt, AccessRecord Access, string? PathFromClient, string? PathFromUpstream, Timeline Timeline, TcpFacts? ClientTcp, TcpFacts? UpstreamTcp)
{
    /// <summary>Of a connection that has just ended.</summary>
    public static FlightRecord Of(ProxiedConnection connection, AccessRecord access, DateTimeOffset now) => new(
        now,
        access,
        connection.IsJoined ? connection.PathFromClient.Name() : null,
        connection.IsJoined ? connection.PathFromUpstream.Name() : null,
        Timeline.Of(connection, access),
        connection.Trace?.Client,
        connection.Trace?.Upstream);
}
