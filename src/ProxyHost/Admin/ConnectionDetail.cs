using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Admin;

/// <summary>The answer of /connections/{id}.</summary>
/// <param name="Connection">As in the list.</param>
/// <param name="Timeline">What has happened to it so far.</param>
/// <param name="LeftOut">How many events were too many to keep.</param>
internal sealed record ConnectionDetail(ConnectionView Connection, TimelineEvent[] Timeline, int LeftOut)
{
    /// <summary>Looks at a connection from outside, while it goes on.</summary>
    public static ConnectionDetail Of(ProxiedConnection connection)
    {
        Timeline timeline = Telemetry.Timeline.Of(connection, end: null);
        return new(ConnectionView.Of(connection), timeline.Events, timeline.LeftOut);
    }
}
