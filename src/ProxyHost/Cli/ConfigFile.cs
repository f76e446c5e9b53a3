using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Cli;

/// <summary>Reads the configuration of a command and says what is wrong with it.</summary>
internal static class ConfigFile
{
    /// <summary>The configuration; or null, everything said, and the code to exit with.</summary>
    public static SluiceConfig? Load(string path, Terminal terminal, out int exitCode)
    {
        ConfigReadResult read = ConfigReader.Read(path);
        if (read.Unreadable is { } reason)
        {
            terminal.Error.WriteLine($"sluice: {reason}");
            exitCode = ExitCode.NoInput;
            return null;
        }
        DiagnosticPrinter.Print(terminal.Error, read);
        exitCode = read.Config is null ? ExitCode.Usage : ExitCode.Success;
        return read.Config;
    }
}
