using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Sluice.Redirect;
using Sluice.Redirect.Maps;

namespace Sluice.SockMapConformance.Engine;

internal sealed class KernelMap(SafeFileHandle handle, int valueSize) : IMap
{
    private const int Replace = 4; // BPF_F_REPLACE: the expected program is given

    private int Fd => (int)handle.DangerousGetHandle();

    public Errno Update(ReadOnlySpan<byte> key, ulong value, ulong flags)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Bpf.Element(Bpf.MapUpdate, Fd, key, bytes[..valueSize], flags);
    }

    public Errno Lookup(ReadOnlySpan<byte> key, out ulong cookie)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        Errno errno = Bpf.Element(Bpf.MapLookup, Fd, key, bytes);
        cookie = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return errno;
    }

    public Errno Delete(ReadOnlySpan<byte> key) => Bpf.Element(Bpf.MapDelete, Fd, key, default);

    public Errno NextKey(ReadOnlySpan<byte> key, Span<byte> next) => Bpf.Element(Bpf.MapNextKey, Fd, key, next);

    public Errno Attach(AttachType slot, IProgram program) =>
        KernelEngine.Error(Bpf.Numbers(Bpf.ProgramAttach, Fd, FdOf(program), (int)slot));

    public Errno Detach(AttachType slot, IProgram program) =>
        KernelEngine.Error(Bpf.Numbers(Bpf.ProgramDetach, Fd, FdOf(program), (int)slot));

    public Errno Link(AttachType slot, IProgram program, out ILink? link)
    {
        int fd = Bpf.Numbers(Bpf.LinkCreate, FdOf(program), Fd, (int)slot);
        link = fd < 0 ? null : new KernelLink(KernelEngine.Own(fd));
        return KernelEngine.Error(fd);
    }

    public void Dispose() => handle.Dispose();

    private static int FdOf(IProgram program) => ((KernelProgram)program).Fd;

    private sealed class KernelLink(SafeFileHandle handle) : ILink
    {
        public Errno Replace(IProgram program, IProgram? expected)
        {
            int fd = (int)handle.DangerousGetHandle();
            return KernelEngine.Error(expected is null
                ? Bpf.Numbers(Bpf.LinkUpdate, fd, FdOf(program))
                : Bpf.Numbers(Bpf.LinkUpdate, fd, FdOf(program), KernelMap.Replace, FdOf(expected)));
        }

        public void Dispose() => handle.Dispose();
    }
}
