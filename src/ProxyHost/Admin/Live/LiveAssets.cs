using System.Reflection;

namespace Sluice.ProxyHost.Admin.Live;

/// <summary>
/// The live view in the browser: one static page, its style and its scripts, as they lie in the binary. Nothing is read before somebody
/// asks for it, and nothing is kept.
/// </summary>
internal static class LiveAssets
{
    /// <summary>What the paths of everything but the page itself begin with.</summary>
    public const string Prefix = "/page/";

    // The page is made of files of its own only, and talks to the daemon only. Whatever text comes from outside cannot run there.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Whether who asks for / is a browser; others get the list of paths.</summary>
    public static bool WantsPage(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers with the page.</summary>
    public static Task ShowPageAsync(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.Vary = "Accept";
        return SendAsync(context, "index.html", "text/html; charset=utf-8");
    }

    /// <summary>Answers with a file of it; 404 where there is none of the name.</summary>
    public static Task ShowAsync(HttpContext context)
    {
        string name = context.Request.Path.Value![Prefix.Length..];
        string? type = Path.GetExtension(name) switch
        {
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => null,
        };
        return type is null ? NotFoundAsync(context) : SendAsync(context, name, type);
    }

    private static async Task SendAsync(HttpContext context, string name, string type)
    {
        await using Stream? file = Assembly.GetExecutingAssembly().GetManifestResourceStream($"page/{name}");
        if (file is null)
        {
            await NotFoundAsync(context);
            return;
        }

        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentType = type;
        headers.ContentLength = file.Length;
        headers.CacheControl = "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static Task NotFoundAsync(HttpContext context) =>
        AdminEndpoint.AnswerAsync(context, StatusCodes.Status404NotFound, "the page has no such file");
}
