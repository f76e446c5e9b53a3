using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Maps.Kernel;

/// <summary>The kernel's sockmap: sockets by index.</summary>
internal sealed class KernelSockMap : KernelMap<uint>
{
    private KernelSockMap(BpfMap map)
        : base(map)
    {
    }

    /// <summary>Creates a map, under a name for bpftool. EPERM: no rights; EINVAL: key or value size, or no entries; ENOMEM.</summary>
    internal static Errno Create(string name, in MapAttributes attributes, out KernelSockMap? map)
    {
        Errno errno = Create(BpfMapType.SockMap, name, attributes, out BpfMap? made);
        map = made is null ? null : new KernelSockMap(made);
        return errno;
    }
}
