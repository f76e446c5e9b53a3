using System.Diagnostics;
using System.Text.Json;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Admin.Live;

/// <summary>
/// What both live views show, in one answer of bounded size. Everything is read off what is counted anyway, when somebody asks.
/// </summary>
internal sealed class LivePage(
    ProxyModel model, ConnectionTable table, FlightRecorder flights, ReloadHistory reloads, Readiness readiness)
{
    /// <summary>Listeners, clusters, rules, and endpoints of all clusters together that are shown at most.</summary>
    public const int MostShown = 1000;

    /// <summary>Answers one request.</summary>
    public Task ShowAsync(HttpContext context)
    {
        List<ProxiedConnection> open = table.Snapshot();
        LiveQuery query = LiveQuery.Read(context.Request.Query, model, open, out string? problem);
        if (problem is not null)
            return AdminEndpoint.AnswerAsync(context, StatusCodes.Status400BadRequest, problem);
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return JsonSerializer.SerializeAsync(context.Response.Body, Read(query, open), LiveJson.Default.LiveView, context.RequestAborted);
    }

    private LiveView Read(LiveQuery query, List<ProxiedConnection> open) => new(
        Stopwatch.GetElapsedTime(0).TotalSeconds,
        Environment.ProcessId,
        reloads.StartedAt,
        reloads.Age.TotalSeconds,
        SluiceVersion.Text,
        readiness.Obstacle(),
        new(reloads.Generation, reloads.Applied.At, reloads.Last.Result),
        Environment.WorkingSet,
        open.Count,
        Model.Live.LatencyCounts.Bounds,
        LiveKernel.Of(model),
        LiveList<LiveListener>.Of(model.Listeners, MostShown, LiveListener.Of),
        Clusters(query.MostEndpoints),
        LiveList<LiveRule>.Of([.. RuleVerdicts.Of(model)], MostShown, LiveRule.Of),
        query.Choose(open),
        new(flights.Count, [.. flights.Newest().Take(query.MostEnds).Select(LiveEnd.Of)]));

    private LiveList<LiveCluster> Clusters(int mostEndpoints)
    {
        int left = MostShown;
        return LiveList<LiveCluster>.Of(model.Clusters, MostShown, cluster =>
        {
            LiveCluster view = LiveCluster.Of(cluster, Math.Min(left, mostEndpoints));
            left -= view.Endpoints.Items.Length;
            return view;
        });
    }
}
