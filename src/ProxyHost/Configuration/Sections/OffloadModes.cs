using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>How <c>offload</c> is written, for the whole process, a listener and a cluster.</summary>
internal static class OffloadModes
{
    /// <summary>One of the words.</summary>
    public static ChoiceType<OffloadMode> Type { get; } =
        new(new("auto", OffloadMode.Auto), new("off", OffloadMode.Off), new("sockmap", OffloadMode.Sockmap), new("bypass", OffloadMode.Bypass));

    /// <summary>One of the words, or nothing.</summary>
    public static YamlType<OffloadMode?> Optional { get; } =
        new OptionalType<OffloadMode?>(new MappedType<OffloadMode, OffloadMode?>(Type, mode => mode, mode => mode!.Value), null);
}
