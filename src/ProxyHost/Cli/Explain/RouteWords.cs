using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>The routes of a listener in words.</summary>
internal static class RouteWords
{
    public static void Print(Page page, RouteTable routes, bool withPlan)
    {
        ListenerConfig listener = routes.Config;
        page.Line("routes: the first that holds takes the connection");
        for (int i = 0; i < listener.Routes.Length; i++)
        {
            RouteConfig route = listener.Routes[i];
            page.In.Line($"{i + 1} {route.Name}: to cluster {route.Cluster}");
            ConditionWords.Print(page.In.In, route.When);
        }
        page.In.Line($"none holds: to cluster {listener.Cluster}");
        page.In.Line(Waiting(listener));
        if (withPlan) page.In.Lines($"plan\n{routes.Plan}");
    }

    private static string Waiting(ListenerConfig listener)
    {
        if (!listener.Routes.Any(route => ConditionWords.ReadsBytes(route.When))) return "waits for no bytes";
        InspectConfig inspect = listener.Inspect;
        string first = inspect.Framing is { } framing ? $" of the first message ({RuleText.Of(framing)})" : "";
        return $"looks at up to {Amounts.Size(inspect.MaxBytes)}{first}, for up to {Amounts.Time(inspect.Timeout)}, and takes none of it; "
            + "what is undecided then does not hold";
    }
}
