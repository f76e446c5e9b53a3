using System.Text.RegularExpressions;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Admin;

/// <summary>How the page of the live view is served. What it does is tried in a browser, in tests/Programs.</summary>
public partial class LiveAssetsTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task A_browser_gets_the_page_and_others_the_list_of_paths()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        using HttpResponseMessage page = await GetAsync(daemon, "/", "text/html,application/xhtml+xml,*/*;q=0.8");
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        Assert.Contains("Accept", page.Headers.Vary);
        Assert.StartsWith("default-src 'none'; script-src 'self';", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using HttpResponseMessage list = await GetAsync(daemon, "/", "*/*");
        Assert.StartsWith("sluice\n", await list.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Everything_that_the_page_needs_is_its_own_and_there()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        var wanted = new Queue<string>(["/"]);
        HashSet<string> seen = [];
        while (wanted.TryDequeue(out string? path))
        {
            if (!seen.Add(path))
                continue;
            using HttpResponseMessage file = await GetAsync(daemon, path, path == "/" ? "text/html" : "*/*");
            Assert.True(file.IsSuccessStatusCode, path);
            Assert.Equal("nosniff", Assert.Single(file.Headers.GetValues("X-Content-Type-Options")));
            string text = await file.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.NotEmpty(text);
            // Addresses of other hosts appear as the names of XML only.
            Assert.DoesNotContain("://", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotMatch("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(| style=\"| on[a-z]+=\"", text);
            foreach (Match match in Needed().Matches(text))
                wanted.Enqueue("/page/" + match.Groups["name"].Value);
        }

        Assert.Superset(new HashSet<string> { "/page/icon.svg", "/page/page.css", "/page/app.js", "/page/rates.js", "/page/table.js" }, seen);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("/page/")]
    [InlineData("/page/nothing.js")]
    [InlineData("/page/index.html")]
    [InlineData("/page/%2e%2e/app.js")]
    public async Task What_is_no_file_of_the_page_is_not_found(string path)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        using HttpResponseMessage answer = await GetAsync(daemon, path, "*/*");
        Assert.Equal(404, (int)answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> GetAsync(RunningDaemon daemon, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{daemon.Admin}{path}"));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var http = new HttpClient();
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("(?:\"/page/|from \"\\./)(?<name>[a-z]+\\.[a-z]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Needed();
}
