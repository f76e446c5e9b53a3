using Sluice.ProxyHost.Configuration.Programs;
using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a listener's <c>programs</c>.</summary>
internal static class ProgramNamesSection
{
    private static readonly Key<ProgramNames, string?> FromClient =
        new("from_client", new OptionalType<string>(NameType.Of(ProgramSection.Kind), null), p => p.FromClient)
        {
            Summary = "The program that judges what clients send.",
            Example = "redis-guard",
            Default = null,
        };

    private static readonly Key<ProgramNames, string?> FromUpstream =
        new("from_upstream", new OptionalType<string>(NameType.Of(ProgramSection.Kind), null), p => p.FromUpstream)
        {
            Summary = "The program that judges what upstreams send.",
            Example = "no-big-answers",
            Default = null,
        };

    public static Section<ProgramNames> Type { get; } =
        new([FromClient, FromUpstream], v => new ProgramNames(v.Of(FromClient), v.Of(FromUpstream)));
}
