using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a rate of new connections, of a listener or of a source.</summary>
internal static class RateSection
{
    private static readonly Key<RateConfig, int> Connections = new("connections", Limits.Connections, r => r.Connections)
    {
        Summary = "New connections in each `per`, spread evenly; those beyond are refused with RST.",
        Example = "100",
    };

    private static readonly Key<RateConfig, TimeSpan> Per = new("per", Durations.UpToADay, r => r.Per)
    {
        Summary = "The time for so many.",
        Example = "1m",
        Default = TimeSpan.FromSeconds(1),
    };

    private static readonly Key<RateConfig, int> Burst = new("burst", new IntegerType(0, 10_000_000), r => r.Burst)
    {
        Summary = "How many may come at once after a pause; 0: as many as `connections`.",
        Example = "20",
        Default = 0,
    };

    private static readonly Key<RateConfig, bool> DryRun = new("dry_run", new BooleanType(), r => r.DryRun)
    {
        Summary = "Whether it is only counted and logged who would be refused.",
        Example = "true",
        Default = false,
    };

    public static Section<RateConfig> Type { get; } = new(
        [Connections, Per, Burst, DryRun], v => new RateConfig(v.Of(Connections), v.Of(Per), v.Of(Burst), v.Of(DryRun)));
}
