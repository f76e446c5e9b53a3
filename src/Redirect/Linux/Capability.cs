namespace Sluice.Redirect.Linux;

/// <summary>The capabilities that the kernel's programs and maps ask for (uapi/linux/capability.h): numbers of bits.</summary>
internal enum Capability
{
    /// <summary>CAP_NET_ADMIN: network programs, and SO_SNDBUFFORCE.</summary>
    NetAdmin = 12,

    /// <summary>CAP_SYS_ADMIN: stands for all of these.</summary>
    SysAdmin = 21,

    /// <summary>CAP_PERFMON: programs that read kernel memory by its BTF.</summary>
    PerfMon = 38,

    /// <summary>CAP_BPF: maps and programs at all.</summary>
    Bpf = 39,
}
