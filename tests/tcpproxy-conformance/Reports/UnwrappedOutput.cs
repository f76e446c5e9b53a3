using System.Text;
using Spectre.Console;

namespace TcpProxyConformance.Reports;

/// <summary>A writer whose lines are as long as they are: a terminal wraps them itself, and a file needs no wrapping.</summary>
internal sealed class UnwrappedOutput(TextWriter writer) : IAnsiConsoleOutput
{
    public TextWriter Writer => writer;

    public bool IsTerminal => ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected;

    public int Width => short.MaxValue;

    public int Height => 25;

    public void SetEncoding(Encoding encoding)
    {
        // It is the writer's own.
    }
}
