namespace Sluice.Programs.Processes;

/// <summary>Programs of the distribution. One that is missing skips the test, or fails it where all are required.</summary>
internal static class Installed
{
    private static readonly string[] Directories =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/usr/local/sbin", .. PostgreSql()];

    /// <summary>The program's path.</summary>
    public static string Require(string program)
    {
        string? path = Directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
        bool all = Environment.GetEnvironmentVariable("SLUICE_REQUIRE_PROGRAMS") == "1";
        Assert.False(path is null && all, $"{program} is not installed, and SLUICE_REQUIRE_PROGRAMS=1");
        Assert.SkipWhen(path is null, $"{program} is not installed");
        return path!;
    }

    // Debian keeps the server's programs out of the path, one directory a version.
    private static IEnumerable<string> PostgreSql() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
        : [];
}
