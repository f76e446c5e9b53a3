using System.CommandLine;
using System.Text.Json;
using TcpProxyConformance.Reports;
using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Cli;

/// <summary><c>compare</c>: runs that were kept as JSON, side by side as a Markdown table.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("json") { Description = "Reports of --format json, a column each", Arity = ArgumentArity.OneOrMore };
        var command = new Command("compare", "Put reports side by side as a Markdown table.") { files };
        command.SetAction(parsed => Compare(parsed.GetRequiredValue(files), parsed.InvocationConfiguration));
        return command;
    }

    private static int Compare(FileInfo[] files, InvocationConfiguration terminal)
    {
        List<RunResult> runs = [];
        int exit = ExitCode.Success;
        foreach (FileInfo file in files)
        {
            try
            {
                runs.Add(JsonReport.Read(File.ReadAllText(file.FullName)));
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
            {
                terminal.Error.WriteLine($"{file}: is no report that --format json has written: {unreadable.Message}");
                exit = ExitCode.NoInput;
            }
        }

        if (exit == ExitCode.Success)
            terminal.Output.Write(MarkdownReport.Of(runs));
        return exit;
    }
}
