using Sluice.ProxyHost.Admin;
using Sluice.ProxyHost.Admin.Live;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>Every view, in the order of their keys.</summary>
internal static class TopViews
{
    public static ITopView[] Create() =>
    [
        new OverviewView(),
        new ListView<LiveListener>("Listeners", TopLists.Listeners, scene => scene.View.Listeners.Items, scene => Left(scene.View.Listeners)),
        new ListView<LiveCluster>("Clusters", TopLists.Clusters, scene => scene.View.Clusters.Items, scene => Left(scene.View.Clusters)),
        new ListView<EndpointRow>("Endpoints", TopLists.Endpoints, scene => TopLists.EndpointsOf(scene.View), EndpointsLeft),
        new ListView<ConnectionView>("Connections", TopLists.Connections, scene => scene.View.Connections.Items,
            scene => $"{Figures.Count(scene.View.Connections.Items.Length)} of {Figures.Count(scene.View.Connections.Count)} that the daemon's filter lets through; {Figures.Count(scene.View.OpenConnections)} are open."),
        new ListView<LiveRule>("Rules", TopLists.Rules, scene => scene.View.Rules.Items, scene => Left(scene.View.Rules)),
        new ListView<LiveEnd>("Ends", TopLists.Ends, scene => scene.View.AbnormalEnds.Items, Reasons),
    ];

    private static string Left<T>(LiveList<T> list) => list.Items.Length < list.Count ? $"The daemon shows {Figures.Count(list.Items.Length)} of {Figures.Count(list.Count)}." : "";

    private static string EndpointsLeft(TopScene scene)
    {
        (long shown, long all) = (scene.View.Clusters.Items.Sum(cluster => cluster.Endpoints.Items.Length), scene.View.Clusters.Items.Sum(cluster => cluster.Endpoints.Count));
        return shown < all ? $"The daemon shows {Figures.Count(shown)} of {Figures.Count(all)}: the unhealthy and the busiest." : "";
    }

    private static string Reasons(TopScene scene)
    {
        IEnumerable<string> reasons = scene.View.Listeners.Items.SelectMany(listener => listener.Ends)
            .GroupBy(end => end.Key, end => end.Value, (reason, counts) => (Reason: reason, Count: counts.Sum()))
            .OrderByDescending(end => end.Count).Select(end => $"{end.Reason} {Figures.Count(end.Count)}");
        return $"Since the start: {string.Join(", ", reasons.DefaultIfEmpty("none"))}.";
    }
}
