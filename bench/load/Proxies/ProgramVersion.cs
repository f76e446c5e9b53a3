namespace Sluice.Load.Proxies;

/// <summary>Asks a program what it is.</summary>
internal static class ProgramVersion
{
    /// <summary>The first line of what the program prints; null when it cannot be started or fails.</summary>
    public static string? Of(string program, params string[] arguments) => ProgramOutput.Of(program, arguments)?.Split('\n')[0].Trim();
}
