using System.Runtime.CompilerServices;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Maps.Kernel;

/// <summary>
/// What the sockmap and the sockhash of the kernel have in common. The kernel takes a socket out when it is closed, and it drops
/// the programs with the last descriptor of the map; sockets that have inherited them keep them while they are in another map.
/// </summary>
/// <typeparam name="TKey">The key, in the map's own layout.</typeparam>
internal abstract class KernelMap<TKey> : ISockMap<TKey>, IProgramSlots<KernelProgram>
    where TKey : unmanaged
{
    private protected KernelMap(BpfMap map)
    {
        Map = map;
    }

    /// <inheritdoc/>
    public uint MaxEntries => Map.MaxEntries;

    /// <summary>What programs know it by when they are loaded.</summary>
    internal BpfMap Map { get; }

    /// <inheritdoc/>
    public Errno Update(in TKey key, IMapSocket socket, MapUpdateFlags flags = MapUpdateFlags.Any) =>
        socket.Descriptor is >= 0 and var descriptor ? Update(key, (ulong)descriptor, flags) : Errno.EBADF;

    /// <inheritdoc/>
    public Errno Update(in TKey key, ulong descriptor, MapUpdateFlags flags = MapUpdateFlags.Any)
    {
        if (Map.ValueSize == sizeof(ulong))
            return Map.Update(key, descriptor, (ulong)flags);

        return descriptor > int.MaxValue ? Errno.EINVAL : Map.Update(key, (uint)descriptor, (ulong)flags);
    }

    /// <inheritdoc/>
    public Errno Lookup(in TKey key, out ulong cookie)
    {
        if (Map.ValueSize == sizeof(ulong))
            return Map.Lookup(key, out cookie);

        cookie = 0;
        return Map.Lookup(key, out uint _);
    }

    /// <inheritdoc/>
    public Errno Delete(in TKey key) => Map.Delete(key);

    /// <inheritdoc/>
    public Errno GetFirstKey(out TKey key) => Map.FirstKey(out key);

    /// <inheritdoc/>
    public Errno GetNextKey(in TKey key, out TKey next) => Map.NextKey(key, out next);

    /// <inheritdoc/>
    public Errno Attach(AttachType slot, KernelProgram program) => Map.Attach(program.Program, (uint)slot);

    /// <inheritdoc/>
    public Errno Detach(AttachType slot, KernelProgram program) => Map.Detach(program.Program, (uint)slot);

    /// <summary>As the contract says; EINVAL before Linux 6.10, which has no links for sockmaps.</summary>
    public Errno Link(AttachType slot, KernelProgram program, out IMapLink<KernelProgram>? link)
    {
        Errno errno = BpfLink.Create(Map, program.Program, (uint)slot, out BpfLink? made);
        link = made is null ? null : new KernelLink(made);
        return errno;
    }

    /// <summary>Gives up this reference to the map. Using it afterwards throws.</summary>
    public void Dispose() => Map.Dispose();

    // The kernel is asked before the key's size is compared with ours, so that its own refusals are what callers see.
    private protected static Errno Create(BpfMapType type, string name, in MapAttributes attributes, out BpfMap? map)
    {
        Errno errno = BpfMap.Create(type, name, (uint)attributes.KeySize, (uint)attributes.ValueSize, attributes.MaxEntries, 0, out map);
        if (map is null || map.KeySize == Unsafe.SizeOf<TKey>())
            return errno;

        map.Dispose();
        map = null;
        return Errno.EINVAL;
    }
}
