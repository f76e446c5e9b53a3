using Microsoft.Win32.SafeHandles;
using Sluice.Redirect;
using Sluice.Redirect.Maps;

namespace Sluice.SockMapConformance.Engine;

/// <summary>The running kernel.</summary>
internal sealed class KernelEngine : IEngine
{
    private const int TypeSockMap = 15;
    private const int TypeSockHash = 18;
    private const int TypeSkSkb = 14;
    private const int TypeSkMsg = 16;

    private const ulong Exit = 0x95;
    private const ulong ReturnPass = 0xb7 | (1UL << 32);  // r0 = SK_PASS
    private const ulong ReturnLength = 0x61 | (0x10UL << 8); // r0 = *(u32 *)(r1 + 0), which is skb->len

    public Errno Create(MapKind kind, int keySize, int valueSize, uint maxEntries, out IMap? map)
    {
        int fd = Bpf.Numbers(
            Bpf.MapCreate, kind == MapKind.SockMap ? TypeSockMap : TypeSockHash, keySize, valueSize, unchecked((int)maxEntries));
        map = fd < 0 ? null : new KernelMap(Own(fd), valueSize);
        return Error(fd);
    }

    public IProgram LoadPass(AttachType slot)
    {
        Assert.Equal(Errno.None, TryLoadPass(slot, out IProgram? program));
        return program!;
    }

    internal static Errno TryLoadPass(AttachType slot, out IProgram? program)
    {
        int fd = Bpf.Load(
            slot == AttachType.SkMsgVerdict ? TypeSkMsg : TypeSkSkb,
            (int)slot,
            [slot == AttachType.SkSkbStreamParser ? ReturnLength : ReturnPass, Exit]);
        program = fd < 0 ? null : new KernelProgram(Own(fd));
        return Error(fd);
    }

    internal static SafeFileHandle Own(int fd) => new(fd, ownsHandle: true);

    internal static Errno Error(int result) => result < 0 ? (Errno)(-result) : Errno.None;
}

internal sealed class KernelProgram(SafeFileHandle handle) : IProgram
{
    public int Fd => (int)handle.DangerousGetHandle();

    public void Dispose() => handle.Dispose();
}
