using System.Globalization;
using System.Text.Json;
using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Admin;

/// <summary>What is open: the list, one of it, and the end of one.</summary>
internal sealed class ConnectionPages(ConnectionTable table, ProxyModel model)
{
    /// <summary>What the path of one connection begins with; its number follows.</summary>
    public const string Prefix = "/connections/";

    private const int MostShown = 1_000_000;

    /// <summary>Those that match the query, the newest first.</summary>
    public Task ListAsync(HttpContext context)
    {
        List<ProxiedConnection> all = table.Snapshot();
        var words = new QueryWords(context.Request.Query);
        ConnectionFilter filter = ConnectionFilter.Read(words, model, all, MostShown, MostShown);
        if (words.Problem() is { } problem)
            return AdminEndpoint.AnswerAsync(context, StatusCodes.Status400BadRequest, problem);

        List<ProxiedConnection> found = all.FindAll(filter.Matches);
        found.Sort(static (one, other) => other.Id.CompareTo(one.Id));
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(
            context.Response.Body,
            new ConnectionList(found.Count, found.Take(filter.Limit).Select(ConnectionView.Of)),
            AdminJson.Default.ConnectionList,
            context.RequestAborted);
    }

    /// <summary>One of them, with what has happened to it so far.</summary>
    public Task ShowAsync(HttpContext context)
    {
        if (Find(context) is not { } connection)
            return NotFoundAsync(context);
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(
            context.Response.Body, ConnectionDetail.Of(connection), AdminJson.Default.ConnectionDetail, context.RequestAborted);
    }

    /// <summary>Resets it. Whether it was still open then its record tells: the first reason wins.</summary>
    public Task EndAsync(HttpContext context)
    {
        if (Find(context) is not { } connection)
            return NotFoundAsync(context);
        connection.Abort(EndReason.ClosedByAdmin);
        return AdminEndpoint.AnswerAsync(context, StatusCodes.Status200OK, $"connection {connection.Id} is being reset");
    }

    private ProxiedConnection? Find(HttpContext context) =>
        long.TryParse(context.Request.Path.Value.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? table.Find(id) : null;

    private static Task NotFoundAsync(HttpContext context) => AdminEndpoint.AnswerAsync(
        context, StatusCodes.Status404NotFound, "no open connection has this number; /connections shows those there are");
}
