using System.Net;
using System.Text;

namespace Sluice.Deploy.Tests.Files;

/// <summary>The audit of packages, with sources that know of a vulnerability, of none, and of nothing.</summary>
public sealed class AuditTests : IDisposable
{
    private const int Timeout = 120_000;
    private readonly HttpListener _source = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-audit-").FullName;

    public void Dispose()
    {
        _source.Close();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("""{ "yamldotnet": [{ "severity": 2, "url": "https://example.org/advisory", "versions": "[18.1.0]" }] }""", 1, "audit: packages with known vulnerabilities are used")]
    [InlineData("""{ "yamldotnet": [{ "severity": 2, "url": "https://example.org/advisory", "versions": "(, 5.0.0)" }] }""", 0, "audit: no package has a known vulnerability")]
    [InlineData(null, 0, "audit: NOT DONE, no source could be asked")]
    public async Task It_says_what_came_of_it(string? known, int code, string words)
    {
        string address = Serve(known);
        string project = Path.Combine(_folder, "scratch.csproj"), config = Path.Combine(_folder, "audit.config");
        await File.WriteAllTextAsync(project, """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="YamlDotNet" Version="18.1.0" /></ItemGroup>
            </Project>
            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(config, $"""
            <configuration>
              <packageSources><clear /></packageSources>
              <auditSources><clear /><add key="local" value="{address}index.json" protocolVersion="3" allowInsecureConnections="true" /></auditSources>
            </configuration>
            """, TestContext.Current.CancellationToken);
        (int ended, string output) = await Command.TryAsync("bash", Path.Combine(Repository.Root, ".ci/audit"), project, config);
        Assert.Equal((code, words), (ended, output.Split('\n')[^1]));
        Assert.Equal(code == 1, output.Contains("YamlDotNet", StringComparison.Ordinal));
    }

    [Fact]
    public void The_run_of_everything_makes_it() =>
        Assert.Contains("\n.ci/audit\n", Repository.Read(".ci/run"), StringComparison.Ordinal);

    // A registry with nothing but what it knows of vulnerabilities, or not even that.
    private string Serve(string? known)
    {
        string address = $"http://127.0.0.1:{Images.Ports.Unused()}/";
        _source.Prefixes.Add(address);
        _source.Start();
        string resources = known is null ? "" : $$"""{ "@id": "{{address}}vulnerabilities.json", "@type": "VulnerabilityInfo/6.7.0" }""";
        _ = AnswerAsync(new()
        {
            ["/index.json"] = $$"""{ "version": "3.0.0", "resources": [{{resources}}] }""",
            ["/vulnerabilities.json"] = $$"""[{ "@name": "base", "@id": "{{address}}base.json", "@updated": "2026-01-01T00:00:00Z", "comment": "" }]""",
            ["/base.json"] = known ?? "{}",
        });
        return address;
    }

    private async Task AnswerAsync(Dictionary<string, string> pages)
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _source.GetContextAsync();
                bool isThere = pages.TryGetValue(context.Request.Url!.AbsolutePath, out string? page);
                context.Response.StatusCode = isThere ? 200 : 404;
                context.Response.ContentType = "application/json";
                context.Response.Close(Encoding.UTF8.GetBytes(page ?? ""), willBlock: false);
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
