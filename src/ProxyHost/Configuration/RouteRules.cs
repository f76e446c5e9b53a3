using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration;

/// <summary>The routes of a listener as the rules that they are.</summary>
internal static class RouteRules
{
    /// <summary>
    /// A rule for each route, in order and under its name, that redirects to the route's cluster; otherwise to the listener's.
    /// Each stands for the whole stream, and no more is gathered for them than <see cref="InspectConfig.MaxBytes"/>.
    /// </summary>
    public static RuleSet Of(ListenerConfig listener) => new(
        listener.Name,
        [.. listener.Routes.Select(route => new Rule(route.Name, route.When, To(route.Cluster)))],
        To(listener.Cluster))
    {
        Framing = listener.Inspect.Framing,
        MaxMessage = listener.Inspect.MaxBytes,
    };

    private static RuleAction To(string cluster) =>
        new(RuleVerdict.Redirect) { Cluster = cluster, ApplyBytes = RuleAction.RestOfStream };
}
