namespace Sluice.Load.Proxies;

/// <summary>What is behind the proxies.</summary>
/// <param name="Name">As configurations call it.</param>
/// <param name="Programs">What has to be installed for it, and the packages that bring it in Debian; null for the tool's own servers.</param>
internal sealed record Service(string Name, (string[] Names, string Packages)? Programs = null)
{
    /// <summary>Echoes.</summary>
    public static Service Echo { get; } = new("echo");

    /// <summary>Swallows, and tells how much it got.</summary>
    public static Service Sink { get; } = new("sink");

    public static Service Redis { get; } = new("redis", (["redis-server", "redis-benchmark"], "redis-server redis-tools"));

    public static Service Postgres { get; } = new("postgres", (["postgres", "initdb", "pgbench"], "postgresql postgresql-contrib"));
}
