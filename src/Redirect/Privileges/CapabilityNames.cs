using System.Collections.Immutable;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Privileges;

/// <summary>The capabilities that something here asks the kernel for, by the names of capabilities(7).</summary>
internal static class CapabilityNames
{
    // Two plain arrays and loops: queries over pairs would be types of their own in the binary, resident from the start.
    private static readonly string[] Names = ["CAP_NET_BIND_SERVICE", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_SYS_ADMIN", "CAP_PERFMON", "CAP_BPF"];

    private static readonly int[] Bits =
    [
        (int)Capability.NetBindService, (int)Capability.NetAdmin, (int)Capability.NetRaw, (int)Capability.SysAdmin, (int)Capability.PerfMon, (int)Capability.Bpf,
    ];

    /// <summary>A set with the bits of these names. Throws where nothing here asks for one of them.</summary>
    internal static ulong SetOf(ImmutableArray<string> names)
    {
        ulong set = 0;
        foreach (string name in names)
            set |= 1UL << Bits[Array.IndexOf(Names, name)];
        return set;
    }

    /// <summary>The names of those in a set, without others that are in it.</summary>
    internal static ImmutableArray<string> In(ulong set)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        for (int i = 0; i < Bits.Length; i++)
        {
            if ((set & (1UL << Bits[i])) != 0)
                names.Add(Names[i]);
        }

        return names.ToImmutable();
    }
}
