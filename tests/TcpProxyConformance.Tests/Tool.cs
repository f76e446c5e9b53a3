using TcpProxyConformance.Cli;

namespace TcpProxyConformance.Tests;

/// <summary>The tool, run by its command line.</summary>
/// <param name="ExitCode">What it exits with.</param>
/// <param name="Output">What it writes to standard output.</param>
/// <param name="Error">What it writes to standard error.</param>
internal sealed record Tool(int ExitCode, string Output, string Error)
{
    public static async Task<Tool> RunAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int exit = await CommandLine.InvokeAsync(args, output, error, TestContext.Current.CancellationToken);
        return new Tool(exit, output.ToString(), error.ToString());
    }
}
