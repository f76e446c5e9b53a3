using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Admin.Live;

/// <summary>A listener as /live shows it.</summary>
/// <param name="Name">As configured.</param>
/// <param name="Addresses">As configured.</param>
/// <param name="Accepting">False while it is not bound.</param>
/// <param name="Draining">An operator wants no new connections.</param>
/// <param name="Connections">At this moment.</param>
/// <param name="MaxConnections">More are refused.</param>
/// <param name="Accepted">A counter.</param>
/// <param name="Ends">Counters by end reason; those that are 0 are left out.</param>
/// <param name="Traffic">For each cluster that it proxies to.</param>
internal sealed record LiveListener(
    string Name,
    string[] Addresses,
    bool Accepting,
    bool Draining,
    int Connections,
    int MaxConnections,
    long Accepted,
    Dictionary<string, long> Ends,
    LiveTraffic[] Traffic)
{
    private static readonly EndReason[] Reasons = Enum.GetValues<EndReason>();

    /// <summary>Looks at a listener from outside, while it goes on.</summary>
    public static LiveListener Of(ListenerState listener) => new(
        listener.Config.Name,
        [.. listener.Config.Listen.Select(address => address.Text)],
        listener.Accepting,
        listener.Live.IsDraining,
        listener.Connections.Current,
        listener.Config.MaxConnections,
        listener.Live.Accepted,
        Reasons.Select(reason => (Name: reason.Name(), Count: listener.Live.Ends.Read(reason))).Where(end => end.Count > 0).ToDictionary(end => end.Name, end => end.Count),
        [.. listener.Clusters.Select(LiveTraffic.Of)]);
}

/// <summary>A listener's connections to one cluster.</summary>
/// <param name="Cluster">Its name.</param>
/// <param name="Connections">At this moment.</param>
/// <param name="FromClient">Bytes that clients sent and upstreams got.</param>
/// <param name="FromUpstream">The other way.</param>
internal sealed record LiveTraffic(string Cluster, int Connections, LiveBytes FromClient, LiveBytes FromUpstream)
{
    public static LiveTraffic Of(ListenerCluster cluster) => new(
        cluster.Cluster.Config.Name, cluster.Current, LiveBytes.Of(cluster, Direction.FromClient), LiveBytes.Of(cluster, Direction.FromUpstream));
}

/// <summary>Counters of bytes by data path.</summary>
internal sealed record LiveBytes(long Copy, long Splice, long Pipe, long Sockmap, long Bypass)
{
    public static LiveBytes Of(ListenerCluster cluster, Direction direction)
    {
        IReadOnlyList<ByteMeter> meters = cluster.Meters;
        return new(Sum(DataPath.Copy), Sum(DataPath.Splice), Sum(DataPath.Pipe), Sum(DataPath.Sockmap), Sum(DataPath.Bypass));
        long Sum(DataPath path) => meters.Sum(meter => meter.Read(direction, path));
    }
}
