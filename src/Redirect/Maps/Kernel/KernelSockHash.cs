using Sluice.Redirect.Linux;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps.Kernel;

/// <summary>The kernel's sockhash: sockets by 4-tuple.</summary>
internal sealed class KernelSockHash : KernelMap<SocketKey>
{
    private KernelSockHash(BpfMap map)
        : base(map)
    {
    }

    /// <summary>Creates a map, under a name for bpftool. EPERM: no rights; EINVAL: key or value size, no entries or too many; ENOMEM.</summary>
    internal static Errno Create(string name, in MapAttributes attributes, out KernelSockHash? map)
    {
        Errno errno = Create(BpfMapType.SockHash, name, attributes, out BpfMap? made);
        map = made is null ? null : new KernelSockHash(made);
        return errno;
    }
}
