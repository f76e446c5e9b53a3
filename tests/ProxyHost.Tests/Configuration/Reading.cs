using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>Short forms for reading texts.</summary>
internal static class Reading
{
    /// <summary>The smallest good configuration.</summary>
    public const string Minimal = """
        listeners:
          - name: web
            listen: 127.0.0.1:80
            cluster: web
        clusters:
          - name: web
            endpoints: [10.0.0.1:80]

        """;

    public static ConfigReadResult Read(string yaml, params (string Name, string Value)[] environment) =>
        ConfigReader.Read(yaml, "test.yaml", name => environment.FirstOrDefault(e => e.Name == name).Value);

    public static SluiceConfig Good(string yaml, params (string Name, string Value)[] environment)
    {
        ConfigReadResult read = Read(yaml, environment);
        Assert.True(read.Errors.IsEmpty, string.Join('\n', read.Errors));
        return read.Config!;
    }

    public static string[] Errors(string yaml, params (string Name, string Value)[] environment)
    {
        ConfigReadResult read = Read(yaml, environment);
        Assert.Null(read.Config);
        Assert.NotEmpty(read.Errors);
        return [.. read.Errors.Select(e => e.ToString())];
    }

    /// <summary>The minimal configuration with a key of its listener or cluster added or replaced.</summary>
    public static string Listener(string line) => Minimal.Replace("    cluster: web\n", $"    cluster: web\n    {line}\n");

    public static string ListenOn(string listen) => Minimal.Replace("listen: 127.0.0.1:80", $"listen: {listen}");

    public static string Cluster(string line) => $"{Minimal.TrimEnd()}\n    {line}\n";

    public static string Endpoints(string endpoints) => Minimal.Replace("[10.0.0.1:80]", endpoints);

    /// <summary>The minimal configuration with a program of one rule; its keys begin at line 13, column 9.</summary>
    public static string Rule(params string[] lines) => Program("    rules:", ["      - name: r", .. lines.Select(line => $"        {line}")]);

    /// <summary>The same with a verdict and a condition, which begins at line 13, column 15.</summary>
    public static string When(string conditions) => Rule($"when: {conditions}", "verdict: drop");

    /// <summary>The minimal configuration with a program; its keys begin at line 11, column 5.</summary>
    public static string Program(string first, params string[] lines) =>
        Listener("programs: { from_client: p }") + string.Join('\n', ["programs:", "  - name: p", first, .. lines]) + "\n";
}
