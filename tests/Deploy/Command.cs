using System.Diagnostics;

namespace Sluice.Deploy.Tests;

/// <summary>Programs that do one thing and end.</summary>
internal static class Command
{
    /// <summary>Runs an installed program; its exit code, and what it wrote to both outputs.</summary>
    public static async Task<(int Code, string Output)> TryAsync(string program, params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Installed.Require(program), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output + errors).Trim());
    }

    /// <summary>The same for a program that has to succeed.</summary>
    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        (int code, string output) = await TryAsync(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }
}
