using System.ComponentModel;
using System.Diagnostics;

namespace Sluice.Load.Proxies;

/// <summary>What a program prints that does one thing and ends.</summary>
internal static class ProgramOutput
{
    /// <summary>All it prints, standard error included.</summary>
    /// <exception cref="IOException">It cannot be started or fails; its output is in the message.</exception>
    public static string Require(string program, params string[] arguments)
    {
        (int code, string output) = Run(program, arguments) ?? throw new IOException($"{program} cannot be started.");
        return code == 0 ? output : throw new IOException($"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }

    /// <summary>The same; null when it cannot be started or fails.</summary>
    public static string? Of(string program, params string[] arguments) => Run(program, arguments) is (0, var output) ? output : null;

    private static (int Code, string Output)? Run(string program, string[] arguments)
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
            return (process.ExitCode, output);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
