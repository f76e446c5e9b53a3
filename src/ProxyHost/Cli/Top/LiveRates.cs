using Sluice.ProxyHost.Admin;
using Sluice.ProxyHost.Admin.Live;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>
/// What takes two answers of /live to know. A counter that is new, or went back, has no rate until the next answer; of another process
/// nothing has. The page in the browser works out the same.
/// </summary>
internal sealed class LiveRates
{
    private readonly LiveView _now;
    private readonly LiveView? _before;
    private readonly LiveView? _minuteAgo;
    private readonly double _seconds;

    /// <param name="before">The answer before this; null: there is none.</param>
    /// <param name="now">The present answer.</param>
    /// <param name="minuteAgo">One of about a minute ago.</param>
    public LiveRates(LiveView? before, LiveView now, LiveView? minuteAgo)
    {
        _now = now;
        IsRestart = before is not null && !IsSame(before, now);
        _before = IsRestart ? null : before;
        _minuteAgo = minuteAgo is not null && IsSame(minuteAgo, now) ? minuteAgo : _before;
        _seconds = _before is null ? 0 : now.ClockSeconds - _before.ClockSeconds;
    }

    /// <summary>Another process answers than before.</summary>
    public bool IsRestart { get; }

    /// <summary>Bytes a second from clients, all listeners together.</summary>
    public double? FromClients => Sum(_now.Listeners.Items.Select(FromClient));

    /// <summary>Bytes a second from upstreams.</summary>
    public double? FromUpstreams => Sum(_now.Listeners.Items.Select(FromUpstream));

    /// <summary>Connections accepted a second.</summary>
    public double? AcceptedAll => Sum(_now.Listeners.Items.Select(Accepted));

    /// <summary>Connections that did not complete, in the last minute; null where that cannot be known.</summary>
    public long? AbnormalInMinute => _minuteAgo is null ? null : (long)(Abnormal(_minuteAgo, 1) ?? 0);

    /// <summary>The same a second, just now.</summary>
    public double? AbnormalNow => _before is null ? null : Abnormal(_before, _seconds) ?? 0;

    /// <summary>Attempts to connect, of all clusters, since the answer before.</summary>
    public Latencies ConnectsNow => Together(_before, cluster => cluster.Connects);

    /// <summary>The same in the last minute.</summary>
    public Latencies ConnectsInMinute => Together(_minuteAgo, cluster => cluster.Connects);

    /// <summary>Waits in queues, of all clusters, in the last minute.</summary>
    public Latencies WaitsInMinute => Together(_minuteAgo, cluster => cluster.Waits);

    /// <summary>The same since the answer before.</summary>
    public Latencies WaitsNow => Together(_before, cluster => cluster.Waits);

    public double? FromClient(LiveListener listener) => Flow(listener, traffic => traffic.FromClient);

    public double? FromUpstream(LiveListener listener) => Flow(listener, traffic => traffic.FromUpstream);

    public double? Accepted(LiveListener listener) => PerSecond(Earlier(listener)?.Accepted, listener.Accepted);

    /// <summary>Attempts to connect to a cluster in the last minute.</summary>
    public Latencies Connects(LiveCluster cluster) => Of(_minuteAgo, cluster, one => one.Connects);

    /// <summary>Waits for a place in a cluster in the last minute.</summary>
    public Latencies Waits(LiveCluster cluster) => Of(_minuteAgo, cluster, one => one.Waits);

    public double? Connected(LiveCluster cluster, LiveEndpoint endpoint) => PerSecond(Earlier(cluster, endpoint)?.Connected, endpoint.Connected);

    public double? Failed(LiveCluster cluster, LiveEndpoint endpoint) => PerSecond(Earlier(cluster, endpoint)?.Failed, endpoint.Failed);

    public double? Of(LiveRule rule) =>
        PerSecond(_before?.Rules.Items.FirstOrDefault(one => one with { Count = 0 } == rule with { Count = 0 })?.Count, rule.Count);

    public double? Of(ConnectionView connection) => PerSecond(
        _before?.Connections.Items.FirstOrDefault(one => one.Id == connection.Id) is { } before ? Bytes(before) : null, Bytes(connection));

    private static bool IsSame(LiveView one, LiveView other) => one.Pid == other.Pid && one.StartedAt == other.StartedAt;

    private static long Bytes(ConnectionView connection) => connection.BytesFromClient + connection.BytesFromUpstream;

    private static long Bytes(LiveBytes bytes) => bytes.Copy + bytes.Splice + bytes.Pipe + bytes.Sockmap + bytes.Bypass;

    private static double? Sum(IEnumerable<double?> values) =>
        values.Aggregate((double?)null, (sum, value) => value is null ? sum : (sum ?? 0) + value);

    private double? PerSecond(long? before, long now) => before is null || now < before || _seconds <= 0 ? null : (now - before) / _seconds;

    private LiveListener? Earlier(LiveListener listener) => _before?.Listeners.Items.FirstOrDefault(one => one.Name == listener.Name);

    private LiveEndpoint? Earlier(LiveCluster cluster, LiveEndpoint endpoint) =>
        _before?.Clusters.Items.FirstOrDefault(one => one.Name == cluster.Name)?.Endpoints.Items.FirstOrDefault(one => one.Endpoint == endpoint.Endpoint);

    private double? Flow(LiveListener listener, Func<LiveTraffic, LiveBytes> direction) => Earlier(listener) is not { } before
        ? null
        : Sum(listener.Traffic.Select(item =>
            PerSecond(before.Traffic.FirstOrDefault(one => one.Cluster == item.Cluster) is { } earlier ? Bytes(direction(earlier)) : null, Bytes(direction(item)))));

    private double? Abnormal(LiveView since, double seconds)
    {
        if (seconds <= 0)
            return null;
        Dictionary<string, LiveListener> known = since.Listeners.Items.ToDictionary(listener => listener.Name);
        return _now.Listeners.Items.Where(listener => known.ContainsKey(listener.Name))
            .Sum(listener => listener.Ends.Where(end => end.Key != "completed")
                .Sum(end => Math.Max(0, end.Value - known[listener.Name].Ends.GetValueOrDefault(end.Key)))) / seconds;
    }

    private Latencies Of(LiveView? since, LiveCluster cluster, Func<LiveCluster, LiveLatency> histogram) => Latencies.Between(
        _now.LatencyBoundsSeconds,
        since?.Clusters.Items.FirstOrDefault(one => one.Name == cluster.Name) is { } before ? histogram(before) : null,
        histogram(cluster));

    private Latencies Together(LiveView? since, Func<LiveCluster, LiveLatency> histogram) =>
        Latencies.Together(_now.LatencyBoundsSeconds, _now.Clusters.Items.Select(cluster => Of(since, cluster, histogram)));
}
