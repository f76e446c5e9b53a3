using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

/// <summary>Asks the kernel about its maps and programs (BPF_OBJ_GET_INFO_BY_FD).</summary>
internal static unsafe class BpfInfo
{
    /// <summary>Reads as much of the kernel's structure as <typeparamref name="T"/> has of it.</summary>
    internal static Errno Read<T>(BpfHandle handle, out T info) where T : unmanaged
    {
        using BpfHandle.Lease lease = handle.Borrow();
        fixed (T* pointer = &info)
        {
            *pointer = default;
            ObjectInfoAttributes attributes = new() { Fd = lease.Fd, Size = (uint)sizeof(T), Info = (ulong)pointer };
            return BpfSyscall.ErrnoOf(BpfSyscall.Call(BpfCommand.ObjectInfo, ref attributes));
        }
    }
}

/// <summary>The beginning of struct bpf_map_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfMapInfo
{
    internal BpfMapType Type;

    /// <summary>The number bpftool shows.</summary>
    internal uint Id;
    internal uint KeySize;
    internal uint ValueSize;
    internal uint MaxEntries;
    internal uint Flags;
}

/// <summary>struct bpf_prog_info, as far as it is of use.</summary>
[StructLayout(LayoutKind.Explicit, Size = 232)]
internal struct BpfProgramInfo
{
    [FieldOffset(0)]
    internal BpfProgramType Type;

    /// <summary>The number bpftool shows.</summary>
    [FieldOffset(4)]
    internal uint Id;

    /// <summary>Bytes of machine code; 0 where the kernel interprets.</summary>
    [FieldOffset(16)]
    internal uint JitedSize;

    /// <summary>Bytes of instructions after the verifier rewrote them.</summary>
    [FieldOffset(20)]
    internal uint TranslatedSize;

    /// <summary>Instructions the verifier walked through, over all paths; 0 before Linux 5.16.</summary>
    [FieldOffset(216)]
    internal uint VerifiedInstructions;
}
