using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sluice.ProxyHost.Cli;

/// <summary>Adds what the generated help lacks: examples to start from, and what the exit codes mean.</summary>
internal sealed class HelpWithExamples(HelpAction generated) : SynchronousCommandLineAction
{
    private const string Text = """
        Examples:
          sluice                              run config/sluice.yaml: an echo service on 127.0.0.1:7000
          sluice run /etc/sluice/sluice.yaml  run a configuration of your own
          sluice check my.yaml                find every mistake in a file; print it with its defaults
          sluice check my.yaml > full.yaml    keep that print: it is a configuration itself
          sluice explain my.yaml              say in words what it does with connections and bytes
          sluice explain my.yaml --text 'GET / HTTP/1.1\r\n\r\n' --cut 2,3
                                              what happens to these bytes, in pieces of 2, 3 and the rest
          sluice healthcheck --url http://127.0.0.1:9901/readyz
          sluice top /etc/sluice/sluice.yaml  watch the daemon that runs with this file
          sluice top --url http://127.0.0.1:9901 --once | grep unhealthy
          sluice doctor                       whether this kernel may carry connections by itself, and if not, why
          sluice schema > sluice.schema.json  let your editor complete and check configurations

        A configuration that forwards 127.0.0.1:6380 to a redis:
          listeners:
            - { name: redis, listen: 127.0.0.1:6380, cluster: redis }
          clusters:
            - { name: redis, endpoints: [127.0.0.1:6379] }

        Exit codes:
          0   done
          1   healthcheck: not ready
          2   doctor: the kernel is not trusted with connections
          64  the command line or the configuration is wrong; nothing was started
          66  the configuration file cannot be read
          69  the configuration is good, but something it needs, such as a port, cannot be had;
              top: the daemon does not answer
        """;

    public override bool ClearsParseErrors => true;

    public static void Attach(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        int exit = generated.Invoke(parseResult);
        if (parseResult.CommandResult.Command is RootCommand) parseResult.InvocationConfiguration.Output.WriteLine(Text);
        return exit;
    }
}
