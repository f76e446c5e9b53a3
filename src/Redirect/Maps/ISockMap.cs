namespace Sluice.Redirect.Maps;

/// <summary>
/// The sockets of a BPF sockmap or sockhash, which inherit the map's programs when they are inserted; who runs these is the
/// map's business (<see cref="IProgramSlots{TProgram}"/>). Results are the kernel's errnos; docs/semantics.md has the table. All
/// members are safe from any thread.
/// </summary>
/// <typeparam name="TKey">The key, in the kernel map's layout.</typeparam>
public interface ISockMap<TKey> : IDisposable
    where TKey : unmanaged
{
    /// <summary>How many entries there may be; a sockmap has so many.</summary>
    uint MaxEntries { get; }

    /// <summary>
    /// Puts a socket under a key and gives it the map's programs. EOPNOTSUPP: the socket's state; EINVAL: the flags; EBUSY: it
    /// has such a program from this or another map; E2BIG: the index, or no room; EEXIST or ENOENT: what the flags expect.
    /// Call it on the thread that the socket belongs to.
    /// </summary>
    Errno Update(in TKey key, IMapSocket socket, MapUpdateFlags flags = MapUpdateFlags.Any);

    /// <summary>
    /// As above with the number of a descriptor, as in the kernel's 8-byte values. Besides: EINVAL above int.MaxValue, EBADF,
    /// ENOTSOCK.
    /// </summary>
    Errno Update(in TKey key, ulong descriptor, MapUpdateFlags flags = MapUpdateFlags.Any);

    /// <summary>The SO_COOKIE of the socket under a key. ENOENT: none; ENOSPC: the map has 4-byte values.</summary>
    Errno Lookup(in TKey key, out ulong cookie);

    /// <summary>Takes the socket under a key out. When nothing is there: EINVAL from a sockmap, ENOENT from a sockhash.</summary>
    Errno Delete(in TKey key);

    /// <summary>The key that enumeration begins with. ENOENT: none.</summary>
    Errno GetFirstKey(out TKey key);

    /// <summary>
    /// The key after another. ENOENT: it was the last. A key that is not there, for example one deleted meanwhile, gives the
    /// first again. A sockmap's keys are all its indices, a sockhash's those in use, in no order.
    /// </summary>
    Errno GetNextKey(in TKey key, out TKey next);
}
