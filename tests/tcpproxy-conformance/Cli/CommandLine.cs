using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TcpProxyConformance.Cli;

/// <summary>The command line.</summary>
internal static class CommandLine
{
    /// <summary>Parses the arguments and does what they say; gives the exit code.</summary>
    public static async Task<int> InvokeAsync(string[] args, TextWriter output, TextWriter error, CancellationToken stop = default)
    {
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        ParseResult parsed = Root().Parse(args);
        if (parsed.Action is not ParseErrorAction misuse)
            return await parsed.InvokeAsync(configuration, stop);
        // A page of help would push the mistake off the screen.
        misuse.ShowHelp = false;
        await parsed.InvokeAsync(configuration, stop);
        await error.WriteLineAsync("`tcpproxy-conformance --help` shows how to use it.");
        return ExitCode.Usage;
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Tells what a TCP proxy does to the connections that it carries. The proxy is configured to forward to --upstream-port; this tool "
            + "listens there, connects through the proxy, and so sees both ends.") { HelpName = "tcpproxy-conformance" };
        foreach (Option option in Options.All)
            root.Add(option);
        root.Add(CompareCommand.Create());
        root.SetAction(RunCommand.RunAsync);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
