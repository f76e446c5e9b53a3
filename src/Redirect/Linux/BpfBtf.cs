using System.Buffers.Binary;

namespace Sluice.Redirect.Linux;

/// <summary>Types of ours that the kernel has taken (BPF_BTF_LOAD). A map made with them keeps them.</summary>
internal sealed unsafe class BpfBtf : BpfHandle
{
    /// <summary>The type id of the key of socket storage: a 32-bit int.</summary>
    internal const uint StorageKeyType = 1;

    /// <summary>The type id of the value: a struct without members.</summary>
    internal const uint StorageValueType = 2;

    private const int IntSigned = 1 << 24;

    private BpfBtf(int fd)
        : base(fd)
    {
    }

    /// <summary>
    /// Loads the least that socket storage asks for. The struct's size is all the kernel looks at; naming its members
    /// would only serve bpftool's dumps.
    /// </summary>
    internal static Errno LoadStorageTypes(uint valueSize, out BpfBtf? types)
    {
        ReadOnlySpan<byte> strings = "\0int\0value\0"u8;
        ReadOnlySpan<uint> records =
        [
            1, BtfInfo(BtfKind.Int), sizeof(int), IntSigned | 32,
            5, BtfInfo(BtfKind.Struct), valueSize,
        ];
        Span<byte> blob = stackalloc byte[BtfHeader.Size + (records.Length * sizeof(uint)) + strings.Length];
        new BtfHeader(records.Length * sizeof(uint), strings.Length).Write(blob);
        for (int i = 0; i < records.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(blob[(BtfHeader.Size + (i * sizeof(uint)))..], records[i]);
        strings.CopyTo(blob[^strings.Length..]);
        return Load(blob, out types);
    }

    private static uint BtfInfo(BtfKind kind) => (uint)kind << 24;

    private static Errno Load(ReadOnlySpan<byte> blob, out BpfBtf? types)
    {
        fixed (byte* bytes = blob)
        {
            BtfLoadAttributes attributes = new() { Btf = (ulong)bytes, Size = (uint)blob.Length };
            int fd = BpfSyscall.Call(BpfCommand.BtfLoad, ref attributes);
            types = fd < 0 ? null : new BpfBtf(fd);
            return BpfSyscall.ErrnoOf(fd);
        }
    }
}
