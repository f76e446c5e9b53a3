using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TcpProxyConformance.Cli;

/// <summary>Adds what the generated help lacks: examples to start from, and what the exit codes mean.</summary>
internal sealed class HelpWithExamples(HelpAction generated) : SynchronousCommandLineAction
{
    private const string Text = """
        Examples:
          tcpproxy-conformance --through 127.0.0.1:8080 --upstream-port 9000
          tcpproxy-conformance --through 127.0.0.1:8080 --upstream-port 9000 --case 'reset-*' --case conversation
          tcpproxy-conformance --through 127.0.0.1:8080 --upstream-port 9000 --expect known-failures.txt
          tcpproxy-conformance --through 127.0.0.1:8080 --upstream-port 9000 --name mine --format json > mine.json
          tcpproxy-conformance compare mine.json theirs.json
          tcpproxy-conformance --list

        Exit codes:
          0   every required case passed, is known to fail, or does not apply here
          1   a required case failed
          64  the command line is wrong
          66  a file cannot be read
          69  the upstream's port cannot be bound, or nothing comes through the proxy
        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int exit = generated.Invoke(parseResult);
        if (parseResult.CommandResult.Command is RootCommand)
            parseResult.InvocationConfiguration.Output.WriteLine(Text);
        return exit;
    }
}
