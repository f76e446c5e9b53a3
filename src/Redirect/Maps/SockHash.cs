using System.Numerics;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>
/// The managed engine's sockhash: sockets by 4-tuple. Its buckets are as many as its entries at most, rounded up to a power
/// of two, eight bytes each from the start.
/// </summary>
public sealed class SockHash : ManagedMap<SocketKey>
{
    // The kernel's bound: the bytes of its buckets must fit 32 bits.
    private const uint MostEntries = 1u << 27;

    private readonly HashBucket[] _buckets;
    private readonly Lock[] _gates;
    private int _count;
    private volatile bool _disposed;

    private SockHash(in MapAttributes attributes)
        : base(attributes)
    {
        _buckets = new HashBucket[BitOperations.RoundUpToPowerOf2(attributes.MaxEntries)];
        _gates = [.. Enumerable.Range(0, Math.Min(_buckets.Length, 64)).Select(_ => new Lock())];
    }

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
        int bucket = BucketOf(key);
        HashNode? node = _buckets[bucket].Find(key);
        if (node is null)
            return FirstFrom(0, out next);

        return FirstOpen(node.NextInBucket, out next) ? Errno.None : FirstFrom(bucket + 1, out next);
    }

    private protected override MapEntry? FindEntry(in SocketKey key) => _buckets[BucketOf(key)].Find(key);

    private protected override Errno Insert(in SocketKey key, IMapSocket socket, MapUpdateFlags flags, out MapEntry? replaced)
    {
        replaced = null;
        int bucket = BucketOf(key);
        lock (GateOf(bucket))
        {
            if (_disposed)
                return Errno.EBADF;

            HashNode? present = _buckets[bucket].Find(key);
            var node = new HashNode(this, key, socket);
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
                _buckets[bucket].Add(node);
            else
                _buckets[bucket].Replace(present, node);
            replaced?.Socket.Memberships.Remove(replaced, Programs);
            return Errno.None;
        }
    }

    private protected override Errno Remove(in SocketKey key, out MapEntry? removed)
    {
        removed = null;
        int bucket = BucketOf(key);
        lock (GateOf(bucket))
        {
            if (_buckets[bucket].Find(key) is not { } node)
                return Errno.ENOENT;

            removed = node;
            Unlink(bucket, node);
            return Errno.None;
        }
    }

    private protected override List<MapEntry> Clear()
    {
        _disposed = true;
        List<MapEntry> all = [];
        for (int bucket = 0; bucket < _buckets.Length; bucket++)
        {
            lock (GateOf(bucket))
            {
                while (_buckets[bucket].First is { } node)
                {
                    all.Add(node);
                    Unlink(bucket, node);
                }
            }
        }

        return all;
    }

    /// <summary>Takes out this very node, unless it has been replaced or deleted already.</summary>
    internal void Remove(HashNode node)
    {
        int bucket = BucketOf(node.Key);
        lock (GateOf(bucket))
        {
            if (_buckets[bucket].Contains(node))
                Unlink(bucket, node);
        }
    }

    private int BucketOf(in SocketKey key) => key.GetHashCode() & (_buckets.Length - 1);

    private Lock GateOf(int bucket) => _gates[bucket & (_gates.Length - 1)];

    private void Unlink(int bucket, HashNode node)
    {
        _buckets[bucket].Remove(node);
        Interlocked.Decrement(ref _count);
        node.Socket.Memberships.Remove(node, Programs);
    }

    private Errno FirstFrom(int bucket, out SocketKey key)
    {
        for (; bucket < _buckets.Length; bucket++)
        {
            if (FirstOpen(_buckets[bucket].First, out key))
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
