using Sluice.ProxyHost.Configuration;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Model;

/// <summary>The routes of one listener, compiled as the rules of a program whose verdicts are clusters. Immutable.</summary>
internal sealed class RouteTable
{
    private readonly ListenerCluster[] _clusters;

    public RouteTable(ListenerConfig config, IReadOnlyList<ListenerCluster> clusters)
    {
        Config = config;
        _clusters =
        [
            .. config.Routes.Select(route => clusters.First(cluster => cluster.Cluster.Config.Name == route.Cluster)),
            clusters[0],
        ];
        WantsServerName = _clusters.Any(cluster => cluster.Cluster.SentHeader is { WantsServerName: true });
        InspectConfig inspect = config.Inspect;
        // Whether the first message is whole is asked of the parser here: what there is of it may decide before.
        Plan = VerdictPlan.Compile(RouteRules.Of(config) with { Framing = null });
        Parser = inspect.Framing is { } framing ? new FramingParser(framing, inspect.MaxBytes) : null;
        Limits = new PreludeLimits(inspect.MaxBytes, inspect.Timeout);
    }

    /// <summary>Whose routes they are.</summary>
    public ListenerConfig Config { get; }

    /// <summary>Decides by the first bytes; the rule's index is the route's.</summary>
    public VerdictPlan Plan { get; }

    /// <summary>Where the first message ends; null: all bytes that have come are looked at.</summary>
    public FramingParser? Parser { get; }

    /// <summary>Whether the name in a ClientHello is to be remembered, for servers that are told it.</summary>
    public bool WantsServerName { get; }

    /// <summary>How much is looked at, and for how long.</summary>
    public PreludeLimits Limits { get; }

    /// <summary>Where a route leads; the number of routes stands for the listener's own cluster.</summary>
    public ListenerCluster ClusterOf(int route) => _clusters[route];

    /// <summary>A route's name; null for the listener's own cluster.</summary>
    public string? NameOf(int route) => route < Config.Routes.Length ? Config.Routes[route].Name : null;
}
