namespace Sluice.Load.Servers;

/// <summary>Programs that come with the system.</summary>
internal static class Installed
{
    private const string Versions = "/usr/lib/postgresql";

    /// <summary>Where a program is, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]).Concat(PostgreSql())
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    // Debian keeps the server's programs out of the path, one directory a version.
    private static IEnumerable<string> PostgreSql() =>
        Directory.Exists(Versions) ? Directory.EnumerateDirectories(Versions).OrderDescending().Select(version => Path.Combine(version, "bin")) : [];
}
