using Sluice.ProxyHost.Admin;
using Sluice.ProxyHost.Admin.Live;
using Spectre.Console;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>The columns of every list, and what of an answer their rows are.</summary>
internal static class TopLists
{
    public static Column<LiveListener>[] Listeners(TopScene scene) =>
    [
        new("LISTENER", 0, item => item.Name),
        new("ADDRESS", 6, item => string.Join(' ', item.Addresses)),
        new("STATE", 3, item => $"{(item.Draining ? scene.Glyphs.Warn : item.Accepting ? scene.Glyphs.Good : scene.Glyphs.Bad)} {(item.Draining ? "draining" : item.Accepting ? "accepting" : "not bound")}",
            Look: item => item.Draining ? Tones.Warn : item.Accepting ? Tones.Good : Tones.Bad),
        Column<LiveListener>.Number("OPEN", 0, item => item.Connections, item => Figures.Places(item.Connections, item.MaxConnections), item => Full(item.Connections, item.MaxConnections)),
        Column<LiveListener>.Number("NEW", 2, item => scene.Rates.Accepted(item), item => Figures.Rate(scene.Rates.Accepted(item))),
        Column<LiveListener>.Number("FROM CLIENTS", 1, item => scene.Rates.FromClient(item), item => Figures.ByteRate(scene.Rates.FromClient(item))),
        Column<LiveListener>.Number("FROM UPSTREAMS", 1, item => scene.Rates.FromUpstream(item), item => Figures.ByteRate(scene.Rates.FromUpstream(item))),
        new("DATA PATH", 5, Paths),
        Column<LiveListener>.Number("ACCEPTED", 4, item => item.Accepted, item => Figures.Count(item.Accepted)),
    ];

    public static Column<LiveCluster>[] Clusters(TopScene scene) =>
    [
        new("CLUSTER", 0, item => item.Name),
        new("HEALTHY", 0, item => $"{Sign(scene, item)} {item.HealthyEndpoints} of {item.Endpoints.Count}{(item.Panic ? " panic" : "")}",
            Look: item => item.Panic || item.HealthyEndpoints == 0 ? Tones.Bad : item.HealthyEndpoints < item.Endpoints.Count ? Tones.Warn : Tones.Good),
        new("BALANCE", 6, item => item.Balance),
        Column<LiveCluster>.Number("OPEN", 1, item => item.Connections, item => Figures.Places(item.Connections, item.MaxConnections), item => Full(item.Connections, item.MaxConnections)),
        Column<LiveCluster>.Number("WAITING", 4, item => item.Queue?.Length, item => item.Queue is { } queue ? Figures.Places(queue.Length, queue.Size) : "-"),
        Column<LiveCluster>.Number("CONNECT", 2, item => scene.Rates.Connects(item).Quantile(0.5), item => scene.Seconds(scene.Rates.Connects(item).Quantile(0.5))),
        Column<LiveCluster>.Number("99%", 2, item => scene.Rates.Connects(item).Quantile(0.99), item => scene.Seconds(scene.Rates.Connects(item).Quantile(0.99))),
        Column<LiveCluster>.Number("WAIT 99%", 5, item => scene.Rates.Waits(item).Quantile(0.99), item => scene.Seconds(scene.Rates.Waits(item).Quantile(0.99))),
    ];

    public static Column<EndpointRow>[] Endpoints(TopScene scene) =>
    [
        new("ENDPOINT", 0, row => row.Endpoint.Endpoint),
        new("CLUSTER", 3, row => row.Cluster.Name),
        new("STATE", 0, row => State(scene, row.Endpoint), Look: row => row.Endpoint.Draining ? Tones.Warn : row.Endpoint.Healthy ? (row.Endpoint.Eligible ? Tones.Good : Tones.Plain) : Tones.Bad),
        Column<EndpointRow>.Number("OPEN", 1, row => row.Endpoint.Open, row => Figures.Places(row.Endpoint.Open, row.Endpoint.MaxConnections)),
        Column<EndpointRow>.Number("NEW", 2, row => scene.Rates.Connected(row.Cluster, row.Endpoint), row => Figures.Rate(scene.Rates.Connected(row.Cluster, row.Endpoint))),
        Column<EndpointRow>.Number("FAILING", 2, row => scene.Rates.Failed(row.Cluster, row.Endpoint), row => Figures.Rate(scene.Rates.Failed(row.Cluster, row.Endpoint)),
            row => scene.Rates.Failed(row.Cluster, row.Endpoint) > 0 ? Tones.Bad : Tones.Plain),
        Column<EndpointRow>.Number("FAILED", 4, row => row.Endpoint.Failed, row => Figures.Count(row.Endpoint.Failed)),
        new("WHY", 5, row => Why(row.Endpoint)),
    ];

    public static Column<ConnectionView>[] Connections(TopScene scene) =>
    [
        Column<ConnectionView>.Number("ID", 4, item => item.Id, item => $"{item.Id}", serverOrder: "newest"),
        new("CLIENT", 0, item => item.Client.Remote ?? "unknown"),
        new("LISTENER", 3, item => item.Listener),
        new("ENDPOINT", 3, item => item.Endpoint ?? item.Cluster),
        new("STATE", 2, item => item.State),
        Column<ConnectionView>.Number("AGE", 2, item => item.AgeSeconds, item => Figures.Age(item.AgeSeconds), serverOrder: "oldest"),
        Column<ConnectionView>.Number("CLIENT SENT", 1, item => item.BytesFromClient, item => Figures.Bytes(item.BytesFromClient), serverOrder: "bytes"),
        Column<ConnectionView>.Number("UPSTREAM SENT", 1, item => item.BytesFromUpstream, item => Figures.Bytes(item.BytesFromUpstream), serverOrder: "bytes"),
        Column<ConnectionView>.Number("NOW", 1, item => scene.Rates.Of(item), item => Figures.ByteRate(scene.Rates.Of(item)), serverOrder: "bytes"),
        new("DATA PATH", 5, Path),
        new("RULE", 6, item => item.Rule ?? ""),
    ];

    public static Column<LiveRule>[] Rules(TopScene scene) =>
    [
        new("RULE", 0, item => item.Rule),
        new("PROGRAM", 2, item => item.Program),
        new("LISTENER", 1, item => item.Listener),
        new("VERDICT", 0, item => item.Shadow ? $"would {item.Verdict}" : item.Verdict),
        Column<LiveRule>.Number("NOW", 0, item => scene.Rates.Of(item), item => Figures.Rate(scene.Rates.Of(item))),
        Column<LiveRule>.Number("MESSAGES", 3, item => item.Count, item => Figures.Count(item.Count)),
    ];

    public static Column<LiveEnd>[] Ends(TopScene scene) =>
    [
        new("TIME", 1, item => Figures.Clock(item.EndedAt), item => item.EndedAt),
        new("REASON", 0, item => item.Reason, Look: _ => Tones.Bad),
        new("ERRNO", 2, item => item.Errno ?? ""),
        new("CLIENT", 0, item => item.Client),
        new("LISTENER", 3, item => item.Listener),
        new("ENDPOINT", 3, item => item.Endpoint ?? item.Cluster),
        new("CLOSED BY", 5, item => item.FirstToClose ?? "proxy"),
        Column<LiveEnd>.Number("LIVED", 2, item => item.TotalSeconds, item => item.TotalSeconds < 1 ? scene.Seconds(item.TotalSeconds) : Figures.Age(item.TotalSeconds)),
        Column<LiveEnd>.Number("CLIENT SENT", 6, item => item.BytesFromClient, item => Figures.Bytes(item.BytesFromClient)),
        Column<LiveEnd>.Number("UPSTREAM SENT", 6, item => item.BytesFromUpstream, item => Figures.Bytes(item.BytesFromUpstream)),
        new("MORE", 7, item => string.Join(", ", new[] { item.Trouble, item.Rule is null ? null : $"rule {item.Rule}" }.OfType<string>())),
    ];

    public static EndpointRow[] EndpointsOf(LiveView view) => [.. view.Clusters.Items.SelectMany(cluster => cluster.Endpoints.Items.Select(one => new EndpointRow(cluster, one)))];

    private static Style Full(long now, long most) => most > 0 && now >= 0.9 * most ? Tones.Warn : Tones.Plain;

    private static string Sign(TopScene scene, LiveCluster item) => item.Panic || item.HealthyEndpoints == 0 ? scene.Glyphs.Bad
        : item.HealthyEndpoints < item.Endpoints.Count ? scene.Glyphs.Warn : scene.Glyphs.Good;

    private static string State(TopScene scene, LiveEndpoint item) => item switch
    {
        { Draining: true } => $"{scene.Glyphs.Warn} draining",
        { Healthy: false } => $"{scene.Glyphs.Bad} unhealthy{(item.Eligible ? ", used" : "")}",
        { Eligible: false } => $"{scene.Glyphs.Idle} spare",
        _ => $"{scene.Glyphs.Good} healthy",
    };

    private static string Why(LiveEndpoint item) =>
        item.Cause is null || item.Errno is null || item.Cause.Contains(item.Errno, StringComparison.Ordinal) ? item.Cause ?? "" : $"{item.Cause} {item.Errno}";

    private static string Path(ConnectionView item) =>
        item.PathFromClient == item.PathFromUpstream ? item.PathFromClient ?? "-" : $"{item.PathFromClient}, back {item.PathFromUpstream}";

    private static string Paths(LiveListener listener)
    {
        LiveBytes[] all = [.. listener.Traffic.SelectMany(item => new[] { item.FromClient, item.FromUpstream })];
        (string Name, long Bytes)[] paths =
        [
            ("copy", all.Sum(one => one.Copy)), ("splice", all.Sum(one => one.Splice)), ("pipe", all.Sum(one => one.Pipe)),
            ("sockmap", all.Sum(one => one.Sockmap)), ("bypass", all.Sum(one => one.Bypass)),
        ];
        long sum = paths.Sum(path => path.Bytes);
        return sum == 0 ? "-" : string.Join(' ', paths.Where(path => path.Bytes > 0).Select(path => $"{path.Name} {Math.Round(100.0 * path.Bytes / sum)}%"));
    }
}

/// <summary>An endpoint and the cluster that it is of.</summary>
internal sealed record EndpointRow(LiveCluster Cluster, LiveEndpoint Endpoint);
