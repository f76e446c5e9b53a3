using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>
/// A BPF sockmap or sockhash: sockets under keys, and the programs that a socket inherits when it is inserted. Results are
/// the kernel's errnos; docs/semantics.md has the table. All members are safe from any thread.
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
    /// A failed update changes nothing. Call it on the thread that the socket belongs to.
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

    /// <summary>
    /// Attaches a verdict program for sockets inserted from now on; one that is there is replaced. EINVAL: the parser's slot;
    /// EBUSY: a link holds the slot, or stream_verdict and skb_verdict would both be set.
    /// </summary>
    Errno Attach(AttachType slot, IVerdictProgram program);

    /// <summary>Attaches a stream parser, likewise.</summary>
    Errno Attach(IStreamParser parser);

    /// <summary>Detaches the verdict program; sockets that have inherited it keep it. ENOENT: another is there, or none; EBUSY as for attach.</summary>
    Errno Detach(AttachType slot, IVerdictProgram program);

    /// <summary>Detaches the stream parser, likewise.</summary>
    Errno Detach(IStreamParser parser);

    /// <summary>Attaches as <see cref="Attach(AttachType, IVerdictProgram)"/> and holds the slot until the link is disposed.</summary>
    Errno Link(AttachType slot, IVerdictProgram program, out MapLink? link);

    /// <summary>Attaches a stream parser, likewise.</summary>
    Errno Link(IStreamParser parser, out MapLink? link);
}
