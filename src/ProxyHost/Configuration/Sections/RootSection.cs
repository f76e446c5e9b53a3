using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of the whole document. A new section is a row here and a file beside this one.</summary>
internal static class RootSection
{
    private static readonly Key<SluiceConfig, AdminConfig> Admin = new("admin", AdminSection.Type, c => c.Admin)
    {
        Summary = "The admin endpoint.",
        Default = AdminSection.Type.Defaults(),
    };

    private static readonly Key<SluiceConfig, RuntimeConfig> Runtime = new("runtime", RuntimeSection.Type, c => c.Runtime)
    {
        Summary = "What concerns the process as a whole.",
        Default = RuntimeSection.Type.Defaults(),
    };

    private static readonly Key<SluiceConfig, LogConfig> Log = new("log", LogSection.Type, c => c.Log)
    {
        Summary = "The log and the access log.",
        Default = LogSection.Type.Defaults(),
    };

    private static readonly Key<SluiceConfig, ImmutableArray<ListenerConfig>> Listeners =
        new("listeners", new ListType<ListenerConfig>(ListenerSection.Type, "listeners"), c => c.Listeners)
        {
            Summary = "Where connections are accepted.",
        };

    private static readonly Key<SluiceConfig, ImmutableArray<ClusterConfig>> Clusters =
        new("clusters", new ListType<ClusterConfig>(ClusterSection.Type, "clusters"), c => c.Clusters)
        {
            Summary = "Where connections are proxied to: groups of endpoints that serve the same thing.",
        };

    public static Section<SluiceConfig> Type { get; } = new(
        [Admin, Runtime, Log, Listeners, Clusters],
        v => new SluiceConfig(v.Of(Admin), v.Of(Runtime), v.Of(Log), v.Of(Listeners), v.Of(Clusters)));
}
