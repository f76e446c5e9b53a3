using System.Reflection;

namespace Sluice.ProxyHost;

/// <summary>The version of this assembly, whatever program it was started by.</summary>
internal static class SluiceVersion
{
    /// <summary>For people: 0.1.0, with the commit after a plus where the build knew it.</summary>
    public static string Text { get; } =
        typeof(SluiceVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
