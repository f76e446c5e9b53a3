using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sluice.Redirect.Linux;

/// <summary>
/// The kernel's description of its own types (Documentation/bpf/btf.rst), for programs that read kernel structures. Read once,
/// asked a few questions, disposed: it is several megabytes. One pass notes where each type begins; nothing is allocated per
/// type, and the memory is the kernel's own or at least not the collector's. One thread at a time.
/// </summary>
internal sealed unsafe class Btf : IDisposable
{
    /// <summary>Where the running kernel keeps its own.</summary>
    internal const string KernelPath = "/sys/kernel/btf/vmlinux";

    private const int MostBytes = 256 * 1024 * 1024;
    private const int RecordSize = 12; // struct btf_type

    private readonly byte* _blob;
    private readonly MemoryMapping? _mapping;
    private readonly byte* _types;
    private readonly byte* _strings;
    private readonly int _stringsSize;
    private readonly uint* _offsets;
    private bool _isDisposed;

    // Takes the blob over.
    private Btf(byte* blob, MemoryMapping? mapping, in BtfHeader header, uint* offsets, int count)
    {
        _blob = blob;
        _mapping = mapping;
        _types = blob + header.TypesAt;
        _strings = blob + header.StringsAt;
        _stringsSize = header.StringsSize;
        _offsets = offsets;
        Count = count;
    }

    /// <summary>How many types there are; their ids are 1 to this.</summary>
    internal int Count { get; }

    /// <summary>
    /// Reads a file. ENOENT where a kernel has none, EBADMSG for malformed BTF, EIO where it cannot be read. A kernel that lets its own
    /// be mapped (since 6.16) spares a read(2) for each of some 1,300 pages.
    /// </summary>
    internal static Errno Read(string path, out Btf? btf)
    {
        btf = null;
        if (!File.Exists(path))
            return Errno.ENOENT;

        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            long size = RandomAccess.GetLength(file);
            if (size is 0 or > MostBytes)
                return Errno.EBADMSG;

            return MemoryMapping.MapFile((int)file.DangerousGetHandle(), (nuint)size, out MemoryMapping? mapping) == Errno.None
                ? Index((byte*)mapping!.Address, (int)size, mapping, out btf)
                : Copy(file, (int)size, out btf);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Errno.EIO;
        }
    }

    /// <summary>Takes a copy of a blob. EBADMSG where it is malformed.</summary>
    internal static Errno Parse(ReadOnlySpan<byte> blob, out Btf? btf)
    {
        byte* copy = (byte*)NativeMemory.Alloc((nuint)blob.Length);
        blob.CopyTo(new Span<byte>(copy, blob.Length));
        return Index(copy, blob.Length, null, out btf);
    }

    /// <summary>The first type of a kind and name, or 0. The kernel's own types are there once; names private to a file may not be.</summary>
    internal int Find(BtfKind kind, ReadOnlySpan<byte> name)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        for (int id = 1; id <= Count; id++)
        {
            uint* record = (uint*)(_types + _offsets[id]);
            if (BtfType.KindOf(record[1]) == kind && IsNamed(record[0], name))
                return id;
        }

        return 0;
    }

    /// <summary>A type by its id; void where there is none.</summary>
    internal BtfType this[int id]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return (uint)(id - 1) < (uint)Count ? new BtfType((uint*)(_types + _offsets[id])) : default;
        }
    }

    /// <summary>The string at an offset is this one.</summary>
    internal bool IsNamed(uint offset, ReadOnlySpan<byte> name)
    {
        if (offset + (ulong)(uint)name.Length >= (ulong)_stringsSize)
            return false;

        byte* start = _strings + offset;
        return start[name.Length] == 0 && name.SequenceEqual(new ReadOnlySpan<byte>(start, name.Length));
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        NativeMemory.Free(_offsets);
        GiveBack(_blob, _mapping);
    }

    internal static Errno Copy(SafeFileHandle file, int size, out Btf? btf)
    {
        btf = null;
        byte* blob = (byte*)NativeMemory.Alloc((nuint)size);
        try
        {
            int length = 0;
            for (int read = -1; read != 0 && length < size; length += read)
                read = RandomAccess.Read(file, new Span<byte>(blob + length, size - length), length);
            byte* whole = blob;
            blob = null; // Index owns it from here
            return Index(whole, length, null, out btf);
        }
        finally
        {
            NativeMemory.Free(blob);
        }
    }

    private static void GiveBack(byte* blob, MemoryMapping? mapping)
    {
        if (mapping is null)
            NativeMemory.Free(blob);
        else
            mapping.Dispose();
    }

    // One pass: where each type begins. A record's length follows from its kind, so a kind we do not know ends it. Takes the blob
    // over, whatever comes of it.
    private static Errno Index(byte* blob, int length, MemoryMapping? mapping, out Btf? btf)
    {
        btf = null;
        if (!BtfHeader.TryRead(new ReadOnlySpan<byte>(blob, length), out BtfHeader header))
        {
            GiveBack(blob, mapping);
            return Errno.EBADMSG;
        }

        byte* types = blob + header.TypesAt;
        uint* offsets = (uint*)NativeMemory.Alloc((nuint)((header.TypesSize / RecordSize) + 1), sizeof(uint));
        int count = 0;
        for (uint at = 0; at < (uint)header.TypesSize;)
        {
            uint left = (uint)header.TypesSize - at;
            uint size = left < RecordSize ? uint.MaxValue : BtfType.RecordSize(((uint*)(types + at))[1]);
            if (size > left)
            {
                NativeMemory.Free(offsets);
                GiveBack(blob, mapping);
                return Errno.EBADMSG;
            }

            offsets[++count] = at;
            at += size;
        }

        btf = new Btf(blob, mapping, header, offsets, count);
        return Errno.None;
    }
}
