using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>What can be read about the kernel and this process's rights without trying anything.</summary>
public sealed record KernelFacts
{
    /// <summary>As uname -r says it; empty where it cannot be read.</summary>
    public string Release { get; init; } = "";

    /// <summary>The machine's: x64, arm64.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Those of the needed capabilities, and CAP_SYS_ADMIN, that are in effect.</summary>
    public ImmutableArray<string> Capabilities { get; init; } = [];

    /// <summary>Those that are needed and not in effect.</summary>
    public ImmutableArray<string> MissingCapabilities { get; init; } = [];

    /// <summary>A seccomp filter decides over this process's system calls.</summary>
    public bool HasSeccompFilter { get; init; }

    /// <summary>The capabilities of a file give no program that it starts more rights.</summary>
    public bool HasNoNewPrivileges { get; init; }

    /// <summary>It is not in the system's first user namespace, and bpf(2) counts only capabilities that are held there.</summary>
    public bool IsInUserNamespace { get; init; }

    /// <summary>The kernel's lockdown: none, integrity or confidentiality; null where it does not tell.</summary>
    public string? Lockdown { get; init; }

    /// <summary>The kernel describes its own types in /sys/kernel/btf/vmlinux.</summary>
    public bool HasBtf { get; init; }

    /// <summary>kernel.unprivileged_bpf_disabled; null where it cannot be read.</summary>
    public int? UnprivilegedBpfDisabled { get; init; }

    /// <summary>net.core.bpf_jit_enable; null where it cannot be read, as in most containers.</summary>
    public int? JitEnabled { get; init; }

    /// <summary>Reads them.</summary>
    public static KernelFacts Read()
    {
        ProcessLimits limits = ProcessLimits.Read();
        return new KernelFacts
        {
            Release = TextOf("/proc/sys/kernel/osrelease") ?? "",
            Architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            Capabilities = [.. NeededCapabilities.AllNames.Where(one => NeededCapabilities.IsSet(limits.Capabilities, one.Capability)).Select(one => one.Name)],
            MissingCapabilities = NeededCapabilities.MissingIn(limits.Capabilities),
            HasSeccompFilter = limits.HasSeccompFilter,
            HasNoNewPrivileges = limits.HasNoNewPrivileges,
            IsInUserNamespace = TextOf("/proc/self/uid_map") is { } map && IsPartOfUsers(map),
            Lockdown = ChosenWord(TextOf("/sys/kernel/security/lockdown")),
            HasBtf = File.Exists(Btf.KernelPath),
            UnprivilegedBpfDisabled = NumberOf("/proc/sys/kernel/unprivileged_bpf_disabled"),
            JitEnabled = NumberOf("/proc/sys/net/core/bpf_jit_enable"),
        };
    }

    /// <summary>True where a uid_map is not that of the first namespace, which maps all users to themselves.</summary>
    internal static bool IsPartOfUsers(string map) =>
        map.Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries) is not ["0", "0", "4294967295"];

    /// <summary>Of words such as <c>none [integrity] confidentiality</c> the one in brackets.</summary>
    internal static string? ChosenWord(string? words) =>
        words?.IndexOf('[') is >= 0 and var start && words.IndexOf(']', start) is > 0 and var end ? words[(start + 1)..end] : null;

    private static int? NumberOf(string path) =>
        int.TryParse(TextOf(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string? TextOf(string path)
    {
        if (!File.Exists(path)) // many kernels lack some of them, and an exception is for surprises
            return null;

        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
