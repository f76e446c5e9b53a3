using System.CommandLine;
using System.CommandLine.Invocation;

namespace Sluice.ProxyHost.Cli;

/// <summary>The version of this assembly, whatever program it was started by.</summary>
internal sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
{
    public static void Attach(RootCommand root, Terminal terminal) =>
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction(terminal);

    public override int Invoke(ParseResult parseResult)
    {
        terminal.Output.WriteLine($"sluice {SluiceVersion.Text}");
        return ExitCode.Success;
    }
}
