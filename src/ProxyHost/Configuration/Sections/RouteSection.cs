using System.Globalization;
using Sluice.ProxyHost.Configuration.Conditions;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of one of a listener's <c>routes</c>.</summary>
internal static class RouteSection
{
    private static readonly Key<RouteConfig, string> Name = new("name", NameType.DeclaringInList("route", "the routes of its listener"), r => r.Name)
    {
        Summary = "What metrics, logs and explanations call the route.",
        Example = "api",
        LocalDefault = (at => string.Create(CultureInfo.InvariantCulture, $"route-{at.Index + 1}"), "route-1, route-2, …"),
    };

    private static readonly Key<RouteConfig, Predicate> When = new("when", ConditionsType.Shared, r => r.When)
    {
        Summary = "What must hold at the beginning of the connection for the route to be taken.",
        Example = "{ sni: \"*.api.example.com\" }",
    };

    private static readonly Key<RouteConfig, string> Cluster = new("cluster", NameType.Of(ClusterSection.Kind), r => r.Cluster)
    {
        Summary = "The cluster that such connections are proxied to.",
        Example = "api",
    };

    public static Section<RouteConfig> Type { get; } =
        new([Name, When, Cluster], v => new RouteConfig(v.Of(Name), v.Of(When), v.Of(Cluster)));
}
