using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sluice.Load.Proxies;

/// <summary>Publishes the daemon with Native AOT, as it ships.</summary>
internal static class SluicePublisher
{
    /// <summary>The checkout that this tool was built in.</summary>
    /// <exception cref="InvalidOperationException">The tool was moved out of its checkout.</exception>
    public static string Checkout { get; } = FindCheckout();

    /// <summary>Publishes and returns the binary's path.</summary>
    /// <exception cref="InvalidOperationException">The publish failed; its output is on standard error.</exception>
    public static string Publish()
    {
        string directory = Path.Combine(Checkout, "artifacts", "bench", "sluice");
        string runtime = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        Console.Error.WriteLine($"Publishing src/ProxyHost for {runtime} (Native AOT; about a minute)");
        using Process publish = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", "src/ProxyHost", "-c", "Release", "-r", runtime, "-o", directory])
        {
            WorkingDirectory = Checkout,
            RedirectStandardOutput = true,
        })!;
        string output = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        if (publish.ExitCode == 0)
            return Path.Combine(directory, "sluice");
        Console.Error.WriteLine(output);
        throw new InvalidOperationException("dotnet publish of src/ProxyHost failed; run with --sluice PATH to use a binary you have.");
    }

    private static string FindCheckout()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Sluice.slnx")))
                return at.FullName;
        }
        throw new InvalidOperationException($"No Sluice.slnx above {AppContext.BaseDirectory}: run this tool from its checkout.");
    }
}
