using System.Globalization;
using System.Reflection;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>Everything that a trial's outcome may hang on, as one line: this boot, this binary, and what this process may do.</summary>
internal static class Surroundings
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    /// <summary>Empty where this boot has no name, so that nothing can be known to have happened since.</summary>
    internal static string Key(KernelFacts facts)
    {
        try
        {
            return string.Join(
                '|', File.ReadAllText(BootId).Trim(), facts.Release, facts.Architecture, Binary(),
                new FileInfo("/proc/self/ns/net").LinkTarget, new FileInfo("/proc/self/ns/user").LinkTarget,
                string.Join(',', facts.Capabilities), facts.HasSeccompFilter, facts.HasNoNewPrivileges, facts.IsInUserNamespace, facts.Lockdown,
                facts.UnprivilegedBpfDisabled?.ToString(CultureInfo.InvariantCulture), facts.JitEnabled?.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // A build from a changed tree has the version of the one before.
    private static string Binary()
    {
        string version = typeof(Surroundings).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var file = new FileInfo(Environment.ProcessPath ?? "");
        return string.Create(CultureInfo.InvariantCulture, $"{version} {(file.Exists ? file.Length : 0)} {(file.Exists ? file.LastWriteTimeUtc.Ticks : 0)}");
    }
}
