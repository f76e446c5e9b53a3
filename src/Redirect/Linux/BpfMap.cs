using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

/// <summary>
/// A map of the kernel. Operations answer with the kernel's errno and allocate nothing; any thread may call them. Keys and
/// values are checked for their size, because the kernel reads and writes as much as the map was made for.
/// </summary>
internal sealed unsafe class BpfMap : BpfHandle
{
    private readonly int _lookupSize;

    private BpfMap(int fd, in MapCreateAttributes attributes)
        : base(fd)
    {
        (Type, KeySize, ValueSize, MaxEntries) = (attributes.Type, (int)attributes.KeySize, (int)attributes.ValueSize, attributes.MaxEntries);
        _lookupSize = Type == BpfMapType.PerCpuArray ? ((ValueSize + 7) & ~7) * PossibleCpus.Count : ValueSize;
    }

    internal BpfMapType Type { get; }

    /// <summary>Bytes of a key.</summary>
    internal int KeySize { get; }

    /// <summary>Bytes of a value.</summary>
    internal int ValueSize { get; }

    /// <summary>Entries it holds at most; for a ring buffer its bytes.</summary>
    internal uint MaxEntries { get; }

    /// <summary>Creates a map. EPERM without rights, EINVAL for sizes the type does not have, ENOMEM.</summary>
    /// <param name="type">The kind of map.</param>
    /// <param name="name">What bpftool shows, see <see cref="BpfName"/>.</param>
    /// <param name="keySize">Bytes of a key.</param>
    /// <param name="valueSize">Bytes of a value; for sockets 8, which lets a lookup answer with the cookie.</param>
    /// <param name="maxEntries">Entries at most; for a ring buffer its bytes, a power of two of whole pages.</param>
    /// <param name="flags"><see cref="BpfMapFlags"/>.</param>
    /// <param name="map">The map, or null on failure.</param>
    internal static Errno Create(BpfMapType type, string name, uint keySize, uint valueSize, uint maxEntries, uint flags, out BpfMap? map)
    {
        MapCreateAttributes attributes = new()
        {
            Type = type,
            KeySize = keySize,
            ValueSize = valueSize,
            MaxEntries = maxEntries,
            Flags = flags,
            Name = BpfName.From(name),
        };
        return Create(ref attributes, out map);
    }

    /// <summary>Creates values that belong to sockets, under the socket's descriptor as key. The kernel wants their types in BTF.</summary>
    internal static Errno CreateSkStorage(string name, uint valueSize, out BpfMap? map)
    {
        map = null;
        Errno errno = BpfBtf.LoadStorageTypes(valueSize, out BpfBtf? types);
        if (errno != Errno.None)
            return errno;

        using (types)
        {
            MapCreateAttributes attributes = new()
            {
                Type = BpfMapType.SkStorage,
                KeySize = sizeof(int),
                ValueSize = valueSize,
                Flags = BpfMapFlags.NoPreallocation,
                Name = BpfName.From(name),
                BtfFd = types!.Fd,
                BtfKeyType = BpfBtf.StorageKeyType,
                BtfValueType = BpfBtf.StorageValueType,
            };
            return Create(ref attributes, out map);
        }
    }

    /// <summary>Sets an entry. <paramref name="flags"/>: 0 any, 1 BPF_NOEXIST, 2 BPF_EXIST. For a per-CPU map the values of all CPUs.</summary>
    internal Errno Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags = 0)
    {
        Expect(key, KeySize, nameof(key));
        Expect(value, _lookupSize, nameof(value));
        fixed (byte* keyBytes = key)
        fixed (byte* valueBytes = value)
            return Run(BpfCommand.MapUpdate, keyBytes, valueBytes, flags);
    }

    /// <summary>Reads an entry. For a per-CPU map the values of all CPUs, each rounded up to 8 bytes. ENOENT where there is none.</summary>
    internal Errno Lookup(ReadOnlySpan<byte> key, Span<byte> value)
    {
        Expect(key, KeySize, nameof(key));
        Expect(value, _lookupSize, nameof(value));
        fixed (byte* keyBytes = key)
        fixed (byte* valueBytes = value)
            return Run(BpfCommand.MapLookup, keyBytes, valueBytes, 0);
    }

    internal Errno Delete(ReadOnlySpan<byte> key)
    {
        Expect(key, KeySize, nameof(key));
        fixed (byte* keyBytes = key)
            return Run(BpfCommand.MapDelete, keyBytes, null, 0);
    }

    /// <summary>The key after <paramref name="key"/>, or the first where that is empty or not there any more. ENOENT after the last.</summary>
    internal Errno NextKey(ReadOnlySpan<byte> key, Span<byte> next)
    {
        if (!key.IsEmpty)
            Expect(key, KeySize, nameof(key));
        Expect(next, KeySize, nameof(next));
        fixed (byte* keyBytes = key)
        fixed (byte* nextBytes = next)
            return Run(BpfCommand.MapNextKey, keyBytes, nextBytes, 0);
    }

    /// <inheritdoc cref="Update(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ulong)"/>
    internal Errno Update<TKey, TValue>(in TKey key, in TValue value, ulong flags = 0)
        where TKey : unmanaged
        where TValue : unmanaged =>
        Update(Bytes(in key), Bytes(in value), flags);

    /// <inheritdoc cref="Lookup(ReadOnlySpan{byte}, Span{byte})"/>
    internal Errno Lookup<TKey, TValue>(in TKey key, out TValue value)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        TValue found = default; // not into value at once: it may be the variable that key is
        Errno errno = Lookup(Bytes(in key), MemoryMarshal.AsBytes(new Span<TValue>(ref found)));
        value = found;
        return errno;
    }

    /// <inheritdoc cref="Delete(ReadOnlySpan{byte})"/>
    internal Errno Delete<TKey>(in TKey key) where TKey : unmanaged => Delete(Bytes(in key));

    /// <inheritdoc cref="NextKey(ReadOnlySpan{byte}, Span{byte})"/>
    internal Errno NextKey<TKey>(in TKey key, out TKey next) where TKey : unmanaged
    {
        TKey found = default;
        Errno errno = NextKey(Bytes(in key), MemoryMarshal.AsBytes(new Span<TKey>(ref found)));
        next = found;
        return errno;
    }

    /// <summary>The first key. ENOENT in an empty map.</summary>
    internal Errno FirstKey<TKey>(out TKey first) where TKey : unmanaged
    {
        first = default;
        return NextKey([], MemoryMarshal.AsBytes(new Span<TKey>(ref first)));
    }

    /// <summary>Puts a program into a slot (enum bpf_attach_type) of a sockmap or sockhash; what was there is replaced. EBUSY: a link holds it.</summary>
    internal Errno Attach(BpfProgram program, uint attachType) => RunOnSlot(BpfCommand.ProgramAttach, program, attachType);

    /// <summary>Takes a program out of a slot. ENOENT where another is in it.</summary>
    internal Errno Detach(BpfProgram program, uint attachType) => RunOnSlot(BpfCommand.ProgramDetach, program, attachType);

    /// <summary>What the kernel says of it.</summary>
    internal Errno GetInfo(out BpfMapInfo info) => BpfInfo.Read(this, out info);

    private static Errno Create(ref MapCreateAttributes attributes, out BpfMap? map)
    {
        int fd = BpfSyscall.Call(BpfCommand.MapCreate, ref attributes);
        map = fd < 0 ? null : new BpfMap(fd, in attributes);
        return BpfSyscall.ErrnoOf(fd);
    }

    private Errno Run(BpfCommand command, byte* key, byte* value, ulong flags)
    {
        using Lease lease = Borrow();
        MapElementAttributes attributes = new() { MapFd = lease.Fd, Key = (ulong)key, Value = (ulong)value, Flags = flags };
        return BpfSyscall.ErrnoOf(BpfSyscall.Call(command, ref attributes));
    }

    private Errno RunOnSlot(BpfCommand command, BpfProgram program, uint attachType)
    {
        using Lease lease = Borrow();
        using Lease programLease = program.Borrow();
        ProgramAttachAttributes attributes = new() { MapFd = lease.Fd, ProgramFd = programLease.Fd, AttachType = attachType };
        return BpfSyscall.ErrnoOf(BpfSyscall.Call(command, ref attributes));
    }

    private static ReadOnlySpan<byte> Bytes<T>(in T value) where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));

    private static void Expect(ReadOnlySpan<byte> bytes, int size, string name)
    {
        if (bytes.Length != size)
            throw new ArgumentException($"{bytes.Length} bytes where the map has {size}", name);
    }
}
