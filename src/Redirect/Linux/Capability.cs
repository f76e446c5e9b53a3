namespace Sluice.Redirect.Linux;

/// <summary>The capabilities that something here asks the kernel for (uapi/linux/capability.h): numbers of bits.</summary>
internal enum Capability
{
    /// <summary>CAP_SETPCAP: to take capabilities out of the bounding set.</summary>
    SetPCap = 8,

    /// <summary>CAP_NET_BIND_SERVICE: ports below 1024.</summary>
    NetBindService = 10,

    /// <summary>CAP_NET_ADMIN: network programs, SO_SNDBUFFORCE, and addresses that are not this host's.</summary>
    NetAdmin = 12,

    /// <summary>CAP_NET_RAW: addresses that are not this host's.</summary>
    NetRaw = 13,

    /// <summary>CAP_SYS_ADMIN: stands for all that bpf(2) asks for.</summary>
    SysAdmin = 21,

    /// <summary>CAP_PERFMON: programs that read kernel memory by its BTF.</summary>
    PerfMon = 38,

    /// <summary>CAP_BPF: maps and programs at all.</summary>
    Bpf = 39,
}
