using System.Collections.Immutable;
using System.Net;
using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a listener's <c>access</c>.</summary>
internal static class AccessSection
{
    private static readonly OptionalType<ImmutableArray<IPNetwork>> Prefixes = new(new ListType<IPNetwork>(new PrefixType(), "prefixes", orOne: true), []);

    private static readonly Key<AccessConfig, ImmutableArray<IPNetwork>> Allow = new("allow", Prefixes, a => a.Allow)
    {
        Summary = "Sources that may connect; where there are any, all others are refused, but for what `deny` says of parts of them.",
        Example = "[10.0.0.0/8, fd00::/8]",
        Default = [],
    };

    private static readonly Key<AccessConfig, ImmutableArray<IPNetwork>> Deny = new("deny", Prefixes, a => a.Deny)
    {
        Summary = "Sources that are refused. The longest prefix of both lists that has an address decides, of two the same this one.",
        Example = "10.66.0.0/16",
        Default = [],
    };

    private static readonly Key<AccessConfig, bool> DryRun = new("dry_run", new BooleanType(), a => a.DryRun)
    {
        Summary = "Whether it is only counted and logged who would be refused.",
        Example = "true",
        Default = false,
    };

    public static Section<AccessConfig> Type { get; } = new([Allow, Deny, DryRun], v => new AccessConfig(v.Of(Allow), v.Of(Deny), v.Of(DryRun)));
}
