using System.CommandLine;
using System.CommandLine.Invocation;

namespace Sluice.ProxyHost.Cli;

/// <summary>The command line.</summary>
public static class SluiceCli
{
    /// <summary>The configuration of <c>run</c>, <c>healthcheck</c> and <c>top</c> when none is named.</summary>
    public const string DefaultConfig = "config/sluice.yaml";

    /// <summary>
    /// Parses the arguments, reads the configuration that the command needs and does it. Signals are left alone: the
    /// daemon drains on them by itself. Exceptions of an action come through.
    /// </summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="actions">What run and healthcheck do.</param>
    /// <param name="output">Where results go; null for standard output.</param>
    /// <param name="error">Where diagnostics go; null for standard error.</param>
    /// <param name="cancellationToken">Handed to the action.</param>
    public static async Task<int> InvokeAsync(
        string[] args, CliActions actions, TextWriter? output = null, TextWriter? error = null,
        CancellationToken cancellationToken = default)
    {
        var terminal = new Terminal(output ?? Console.Out, error ?? Console.Error);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        // A text that begins with @ is a text, not a file of further arguments.
        ParseResult parsed = Root(actions, terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not ParseErrorAction misuse) return await parsed.InvokeAsync(configuration, cancellationToken);
        // A page of help would push the mistake off the screen.
        misuse.ShowHelp = false;
        await parsed.InvokeAsync(configuration, cancellationToken);
        await terminal.Error.WriteLineAsync("`sluice --help` shows how to use it.");
        return ExitCode.Usage;
    }

    private static RootCommand Root(CliActions actions, Terminal terminal)
    {
        var root = new RootCommand("Sluice, a TCP reverse proxy. Without a command it does `run`.") { HelpName = "sluice" };
        Command run = RunCommand.Create(actions.Run, terminal);
        root.Add(run);
        root.Add(CheckCommand.Create(terminal));
        root.Add(ExplainCommand.Create(terminal));
        root.Add(HealthCheckCommand.Create(actions.HealthCheck, terminal));
        root.Add(TopCommand.Create(terminal));
        root.Add(DoctorCommand.Create(terminal));
        root.Add(SchemaCommand.Create(terminal));
        root.SetAction((_, cancel) => RunCommand.RunAsync(DefaultConfig, actions.Run, terminal, cancel));
        HelpWithExamples.Attach(root);
        VersionAction.Attach(root, terminal);
        return root;
    }
}
