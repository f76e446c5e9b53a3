using System.CommandLine;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Cli;

/// <summary><c>sluice check</c>.</summary>
internal static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("yaml") { Description = "The configuration file." };
        var command = new Command("check",
            "Check a configuration without starting anything, and print it with every default filled in.") { path };
        command.SetAction(parsed => Check(parsed.GetRequiredValue(path), terminal));
        return command;
    }

    private static int Check(string path, Terminal terminal)
    {
        if (ConfigFile.Load(path, terminal, out int exitCode) is { } config) terminal.Output.Write(ConfigPrinter.Print(config));
        return exitCode;
    }
}
