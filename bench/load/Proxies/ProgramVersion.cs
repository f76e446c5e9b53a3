using System.ComponentModel;
using System.Diagnostics;

namespace Sluice.Load.Proxies;

/// <summary>Asks a program what it is.</summary>
internal static class ProgramVersion
{
    /// <summary>The first line of what the program prints; null when it cannot be started or fails.</summary>
    public static string? Of(string program, params string[] arguments) => Output(program, arguments)?.Split('\n')[0].Trim();

    /// <summary>All it prints, standard error included; null when it cannot be started or fails.</summary>
    public static string? Output(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
