using System.Collections.Immutable;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>Which capabilities giving connections to the kernel takes.</summary>
internal static class NeededCapabilities
{
    internal static readonly ImmutableArray<(Capability Capability, string Name)> AllNames =
    [
        (Capability.Bpf, "CAP_BPF"), (Capability.NetAdmin, "CAP_NET_ADMIN"), (Capability.PerfMon, "CAP_PERFMON"),
        (Capability.SysAdmin, "CAP_SYS_ADMIN"),
    ];

    /// <summary>The names of those that a set lacks.</summary>
    internal static ImmutableArray<string> MissingIn(ulong set) =>
        [.. AllNames.Where(one => one.Capability != Capability.SysAdmin && !IsEnough(set, one.Capability)).Select(one => one.Name)];

    internal static bool IsSet(ulong set, Capability capability) => (set & (1UL << (int)capability)) != 0;

    // bpf(2) takes CAP_SYS_ADMIN in place of any. SO_SNDBUFFORCE does not.
    private static bool IsEnough(ulong set, Capability capability) =>
        IsSet(set, capability) || (capability != Capability.NetAdmin && IsSet(set, Capability.SysAdmin));
}
