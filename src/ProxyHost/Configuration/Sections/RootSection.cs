using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Conditions;
using Sluice.ProxyHost.Configuration.Programs;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules;
using YamlDotNet.RepresentationModel;

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
        IsReloadable = true,
    };

    private static readonly Key<SluiceConfig, ImmutableArray<ListenerConfig>> Listeners =
        new("listeners", new ListType<ListenerConfig>(ListenerSection.Type, "listeners"), c => c.Listeners)
        {
            Summary = "Where connections are accepted.",
            IsReloadable = true,
        };

    private static readonly Key<SluiceConfig, ImmutableArray<ClusterConfig>> Clusters =
        new("clusters", new ListType<ClusterConfig>(ClusterSection.Type, "clusters"), c => c.Clusters)
        {
            Summary = "Where connections are proxied to: groups of endpoints that serve the same thing.",
            IsReloadable = true,
        };

    private static readonly Key<SluiceConfig, ImmutableArray<RuleSet>> Programs = new("programs",
        new OptionalType<ImmutableArray<RuleSet>>(new ListType<RuleSet>(ProgramSection.Type, "programs"), []), c => c.Programs)
    {
        Summary = "Verdict programs: rules over the bytes of a stream, which listeners name.",
        Default = [],
        IsReloadable = true,
    };

    /// <summary>What keys of several sections share, each described once.</summary>
    public static IReadOnlyList<IDefinition> Definitions { get; } = [ConditionsType.Shared, FramingSection.Shared];

    public static Section<SluiceConfig> Type { get; } = new(
        [Admin, Runtime, Log, Listeners, Clusters, Programs],
        v => new SluiceConfig(v.Of(Admin), v.Of(Runtime), v.Of(Log), v.Of(Listeners), v.Of(Clusters)) { Programs = v.Of(Programs) })
    {
        Check = (v, at) =>
        {
            if (v.TryOf(Runtime, out RuntimeConfig? runtime) && runtime.Transport == TransportKind.Sockets)
            {
                OnReactorOnly(at);
                TransparentKeys.OnReactorOnly(v.TryOf(Listeners, out var listeners) ? listeners : [], v.TryOf(Clusters, out var clusters) ? clusters : [], at);
            }
        },
    };

    private static void OnReactorOnly(Cursor at)
    {
        if (at.Towards("listeners") is not { Node: YamlSequenceNode listeners }) return;
        for (int i = 0; i < listeners.Children.Count; i++)
        {
            if (listeners[i] is YamlMappingNode listener && listener.Children.ContainsKey("programs"))
                at.Towards($"listeners[{i}].programs").Error("programs run on the reactor transport only",
                    "remove them, or write `runtime: { transport: reactor }`; routes work on both");
            if (listeners[i] is YamlMappingNode limited && limited.Children.ContainsKey("bandwidth"))
                at.Towards($"listeners[{i}].bandwidth").Error("bandwidth is limited on the reactor transport only, since the stock one reads ahead by itself",
                    "remove it, or write `runtime: { transport: reactor }`");
        }
    }
}
