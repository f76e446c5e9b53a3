using System.Text.RegularExpressions;
using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Tests.Configuration;

namespace Sluice.ProxyHost.Tests.Cli;

/// <summary>Command lines as people type them.</summary>
internal static partial class Transcript
{
    /// <summary>Runs a line such as <c>$ sluice explain config/sluice.yaml --text 'a b'</c>, its paths beginning at the checkout's root.</summary>
    public static async Task<(int Exit, string Output, string Error)> Run(string line)
    {
        Assert.StartsWith("$ sluice ", line, StringComparison.Ordinal);
        string[] args = [.. Word().Matches(line["$ sluice ".Length..]).Select(word => word.Groups["quoted"].Success ? word.Groups["quoted"].Value : word.Value)];
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = await SluiceCli.InvokeAsync(
            [.. args.Select(arg => arg.EndsWith(".yaml", StringComparison.Ordinal) ? Path.Combine(Repository.Root, arg) : arg)],
            new CliActions((_, _, _) => Task.FromResult(-1), (_, _, _) => Task.FromResult(-1)),
            output, error, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    [GeneratedRegex(@"'(?<quoted>[^']*)'|\S+", RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
