using System.CommandLine;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Cli;

/// <summary><c>sluice run</c>.</summary>
internal static class RunCommand
{
    public static Command Create(Func<SluiceConfig, string, CancellationToken, Task<int>> run, Terminal terminal)
    {
        Argument<string> path = Arguments.OptionalConfig();
        var command = new Command("run",
            "Run the proxy until SIGTERM or SIGINT. Ports are bound only once the whole configuration is found good.") { path };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(path), run, terminal, cancel));
        return command;
    }

    public static async Task<int> RunAsync(
        string path, Func<SluiceConfig, string, CancellationToken, Task<int>> run, Terminal terminal,
        CancellationToken cancellationToken) =>
        ConfigFile.Load(path, terminal, out int exitCode) is { } config ? await run(config, path, cancellationToken) : exitCode;
}
