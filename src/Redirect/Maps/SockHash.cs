using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>
/// The managed engine's sockhash: sockets by 4-tuple. Its memory grows with its entries, of some 80 bytes each.
/// </summary>
public sealed class SockHash : ManagedMap<SocketKey>
{
    // The kernel's bound: the bytes of its buckets must fit 32 bits.
    private const uint MostEntries = 1u << 27;

    private readonly HashBuckets _buckets;
    private int _count;
    private volatile bool _disposed;

    private SockHash(in MapAttributes attributes)
        : base(attributes) => _buckets = new HashBuckets(attributes.MaxEntries);

    /// <summary>How many entries there are. Exact while nobody changes it.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Creates a map. EINVAL: key or value size, no entries or more than 2^27; ENOMEM: too many for this machine.</summary>
    public static Errno Create(in MapAttributes attributes, out SockHash? map)
    {
        map = null;
        if (attributes.Check(SocketKey.Size) is not Errno.None and var errno)
            return errno;
        if (attributes.MaxEntries > MostEntries)
            return Errno.EINVAL;

        try
        {
            map = new SockHash(attributes);
            return Errno.None;
        }
        catch (OutOfMemoryException)
        {
            return Errno.ENOMEM;
        }
    }

    /// <inheritdoc/>
    public override Errno GetFirstKey(out SocketKey key) => FirstFrom(0, out key);

    /// <inheritdoc/>
    public override Errno GetNextKey(in SocketKey key, out SocketKey next)
    {
        int bucket = _buckets.Of(key); // before the key is overwritten: a caller may give one variable for both
        if (_buckets.Find(key) is not { } node)
            return FirstFrom(0, out next);

        return FirstOpen(node.NextInBucket, out next) ? Errno.None : FirstFrom(bucket + 1, out next);
    }

    private protected override MapEntry? FindEntry(in SocketKey key) => _buckets.Find(key);

    private protected override Errno Insert(in SocketKey key, IMapSocket socket, MapUpdateFlags flags, out MapEntry? replaced)
    {
        replaced = null;
        int bucket = _buckets.Of(key);
        HashBucket[] piece = _buckets.MakePieceOf(bucket);
        lock (piece)
        {
            if (_disposed)
                return Errno.EBADF;

            ref HashBucket place = ref _buckets.In(piece, bucket);
            HashNode? present = place.Find(key);
            var node = HashNode.Create(this, key, socket);
            // The count goes up first, so that no two updates take the last room; one that fails gives its room back.
            bool full = present is null && Interlocked.Increment(ref _count) > MaxEntries;
            Errno refusal = CheckFlags(flags, present is not null);
            Errno errno = socket.Memberships.Add(node, Programs, refusal == Errno.None && full ? Errno.E2BIG : refusal);
            if (errno != Errno.None)
            {
                if (present is null)
                    Interlocked.Decrement(ref _count);
                return errno;
            }

            replaced = present;
            if (present is null)
                place.Add(node);
            else
                place.Replace(present, node);
            replaced?.Socket.Memberships.Remove(replaced, Programs);
            return Errno.None;
        }
    }

    private protected override Errno Remove(in SocketKey key, out MapEntry? removed)
    {
        removed = null;
        int bucket = _buckets.Of(key);
        if (_buckets.PieceOf(bucket) is not { } piece)
            return Errno.ENOENT;

        lock (piece)
        {
            ref HashBucket place = ref _buckets.In(piece, bucket);
            if (place.Find(key) is not { } node)
                return Errno.ENOENT;

            removed = node;
            Unlink(ref place, node);
            return Errno.None;
        }
    }

    private protected override List<MapEntry> Clear()
    {
        _disposed = true;
        Interlocked.MemoryBarrier(); // whoever makes a piece that is not seen here sees that the map has gone
        List<MapEntry> all = [];
        for (int bucket = 0; bucket < _buckets.Count; bucket++)
        {
            if (_buckets.PieceOf(bucket) is not { } piece)
                continue;

            lock (piece)
            {
                ref HashBucket place = ref _buckets.In(piece, bucket);
                while (place.First is { } node)
                {
                    all.Add(node);
                    Unlink(ref place, node);
                }
            }
        }

        return all;
    }

    /// <summary>Takes out this very node, unless it has been replaced or deleted already.</summary>
    internal void Remove(HashNode node)
    {
        int bucket = _buckets.Of(node.Key);
        HashBucket[] piece = _buckets.PieceOf(bucket)!; // it was put in there
        lock (piece)
        {
            ref HashBucket place = ref _buckets.In(piece, bucket);
            if (place.Contains(node))
                Unlink(ref place, node);
        }
    }

    private void Unlink(ref HashBucket place, HashNode node)
    {
        place.Remove(node);
        Interlocked.Decrement(ref _count);
        node.Socket.Memberships.Remove(node, Programs);
    }

    private Errno FirstFrom(int bucket, out SocketKey key)
    {
        for (; bucket < _buckets.Count; bucket++)
        {
            if (FirstOpen(_buckets.First(bucket), out key))
                return Errno.None;
        }

        key = default;
        return Errno.ENOENT;
    }

    private bool FirstOpen(HashNode? node, out SocketKey key)
    {
        while (node is not null && FindOpen(node.Key) is null)
            node = node.NextInBucket;
        key = node?.Key ?? default;
        return node is not null;
    }
}
