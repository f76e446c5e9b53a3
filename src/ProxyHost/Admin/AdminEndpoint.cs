using System.Text.Json;
using Sluice.ProxyHost.Admin.Live;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Reloading;

namespace Sluice.ProxyHost.Admin;

/// <summary>The admin endpoint's few pages: a switch, since routing would cost more memory than it saves lines.</summary>
internal sealed class AdminEndpoint(Readiness readiness, ConnectionPages connections, RecorderPage recorder, LivePage live, ReloadHistory reloads, ConfigSource source, ProxyModel model)
{
    private const string Help = "sluice\n/             for a browser: the live view\n/healthz      the process lives\n/readyz       new connections are welcome\n/metrics      Prometheus\n/connections  what is open, as JSON; ?listener=, ?cluster=, ?endpoint=, ?client=, ?data_path=, ?state=, ?min_age=, ?limit=\n/connections/{id}  one of them and what has happened to it\n/recorder     how the last connections ended that did not complete, as JSON; ?reason=, ?listener=\n/live         all of it at a glance with counters to take rates of, as JSON; the same filters, ?sort=newest|oldest|bytes, ?limit=, ?endpoints=, ?ends=\n/clusters     endpoints and their health, as JSON\n/config       the configuration that goes, as JSON\nPOST /reload  take the file over\nPOST /drain   no new connections: all, ?listener=, ?cluster=&endpoint=; DELETE takes it back\nDELETE /connections/{id}  reset it\n";

    /// <summary>Refuses what is not GET, for every page including /metrics. What changes something has been seen to before.</summary>
    public static Task OnlyGet(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsGet(context.Request.Method))
            return next(context);
        context.Response.Headers.Allow = HttpMethods.Get;
        return AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET is allowed");
    }

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/" when LiveAssets.WantsPage(context.Request) => LiveAssets.ShowPageAsync(context),
        "/" => AnswerAsync(context, StatusCodes.Status200OK, Help),
        "/healthz" => AnswerAsync(context, StatusCodes.Status200OK, "ok"),
        "/readyz" => readiness.Obstacle() is { } obstacle
            ? AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, obstacle)
            : AnswerAsync(context, StatusCodes.Status200OK, "ready"),
        "/connections" => connections.ListAsync(context),
        "/recorder" => recorder.ShowAsync(context),
        "/live" => live.ShowAsync(context),
        "/config" => ConfigAsync(context),
        "/clusters" => ClustersAsync(context),
        { } path when path.StartsWith(ConnectionPages.Prefix, StringComparison.Ordinal) => connections.ShowAsync(context),
        { } path when path.StartsWith(LiveAssets.Prefix, StringComparison.Ordinal) => LiveAssets.ShowAsync(context),
        _ => AnswerAsync(context, StatusCodes.Status404NotFound, Help),
    };

    /// <summary>Answers with a line of text.</summary>
    public static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text.EndsWith('\n') ? text : text + "\n", context.RequestAborted);
    }

    private Task ConfigAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(
            context.Response.Body, ConfigView.Of(reloads, source, model.Config), ConfigJson.Default.ConfigView, context.RequestAborted);
    }

    private Task ClustersAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(
            context.Response.Body, new ClusterList(model.Clusters.Select(ClusterView.Of)), AdminJson.Default.ClusterList, context.RequestAborted);
    }
}
