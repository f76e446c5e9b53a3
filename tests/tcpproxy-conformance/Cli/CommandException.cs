namespace TcpProxyConformance.Cli;

/// <summary>The command ends without having done its work; the message says what to do.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;
}
