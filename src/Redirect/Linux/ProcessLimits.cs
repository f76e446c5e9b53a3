using System.Globalization;

namespace Sluice.Redirect.Linux;

/// <summary>What this process may ask of the kernel: its capabilities, and whether a seccomp filter stands before the kernel.</summary>
/// <param name="Capabilities">The effective set of the calling thread, a bit for each.</param>
/// <param name="HasSeccompFilter">A filter decides over its system calls (Seccomp: 2 in /proc/self/status).</param>
/// <param name="HasNoNewPrivileges">No program it starts may have more rights than it has, whatever its file says (NoNewPrivs: 1); false where it has set that itself.</param>
internal readonly record struct ProcessLimits(ulong Capabilities, bool HasSeccompFilter, bool HasNoNewPrivileges)
{
    /// <summary>Asks the kernel. Where /proc cannot be read no filter is reported.</summary>
    internal static ProcessLimits Read()
    {
        _ = ThreadRights.Read(out CapabilitySets sets);
        string status = Status();
        return new ProcessLimits(sets.Effective, SeccompMode(status) == 2, NumberOf(status, "NoNewPrivs:") == 1 && !ThreadRights.IsNoNewPrivilegesOurs);
    }

    /// <summary>True where the process has the capability, or CAP_SYS_ADMIN in its place.</summary>
    internal bool Has(Capability capability) =>
        (Capabilities & ((1UL << (int)capability) | (1UL << (int)Capability.SysAdmin))) != 0;

    /// <summary>The mode named in the text of /proc/self/status: 0 none, 1 strict, 2 filter; 0 where it is not named.</summary>
    internal static int SeccompMode(ReadOnlySpan<char> status) => NumberOf(status, "Seccomp:");

    private static int NumberOf(ReadOnlySpan<char> status, ReadOnlySpan<char> name)
    {
        foreach (ReadOnlySpan<char> line in status.EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return int.TryParse(line[name.Length..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
        }

        return 0;
    }

    private static string Status()
    {
        try
        {
            return File.ReadAllText("/proc/self/status");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
