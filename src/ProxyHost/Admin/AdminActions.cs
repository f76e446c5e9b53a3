using System.Text.Json;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Reloading;

namespace Sluice.ProxyHost.Admin;

/// <summary>What the admin endpoint changes, each behind the guard. Everything else goes on to the pages.</summary>
internal sealed class AdminActions(AdminGuard guard, Reloader reloader, PartialDrain drain, ConnectionPages connections)
{
    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        string method = context.Request.Method;
        Func<HttpContext, Task>? action = context.Request.Path.Value switch
        {
            "/reload" when HttpMethods.IsPost(method) => ReloadAsync,
            "/drain" when HttpMethods.IsPost(method) => request => DrainAsync(request, isDraining: true),
            "/drain" when HttpMethods.IsDelete(method) => request => DrainAsync(request, isDraining: false),
            { } path when HttpMethods.IsDelete(method) && path.StartsWith(ConnectionPages.Prefix, StringComparison.Ordinal) => connections.EndAsync,
            _ => null,
        };
        if (action is null || ReadOnlyAddress.Has(context))
            return AdminEndpoint.OnlyGet(context, next);
        return guard.Obstacle(context.Request) is { } obstacle
            ? AdminEndpoint.AnswerAsync(context, StatusCodes.Status403Forbidden, obstacle)
            : action(context);
    }

    private async Task ReloadAsync(HttpContext context)
    {
        ReloadAttempt attempt = await reloader.ReloadAsync("admin", context.RequestAborted);
        context.Response.StatusCode = attempt.Result is ReloadResults.Applied or ReloadResults.Unchanged
            ? StatusCodes.Status200OK
            : StatusCodes.Status422UnprocessableEntity;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, ReloadView.Of(attempt), ConfigJson.Default.ReloadView, context.RequestAborted);
    }

    private Task DrainAsync(HttpContext context, bool isDraining)
    {
        var words = new QueryWords(context.Request.Query);
        var scope = new DrainScope(words.Text("listener"), words.Text("cluster"), words.Text("endpoint"));
        bool closes = words.OneOf("close", static () => ["true", "false"]) == "true";
        if (words.Problem() is { } problem)
            return AdminEndpoint.AnswerAsync(context, StatusCodes.Status400BadRequest, problem);
        return drain.Set(scope, isDraining, closes) is { } missing
            ? AdminEndpoint.AnswerAsync(context, StatusCodes.Status404NotFound, missing)
            : AdminEndpoint.AnswerAsync(context, StatusCodes.Status200OK, $"{scope}: {(isDraining ? "draining" : "in use")}");
    }
}
