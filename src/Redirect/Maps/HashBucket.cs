using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>
/// A bucket of a sockhash: a chain of nodes. Readers follow it without a lock. A node is complete before it is published,
/// and one that was taken out still leads on, so whoever stands on it finds the rest of the chain.
/// </summary>
internal struct HashBucket
{
    private HashNode? _first;

    internal HashNode? First => Volatile.Read(ref _first);

    internal HashNode? Find(in SocketKey key)
    {
        HashNode? node = First;
        while (node is not null && !node.Has(key))
            node = node.NextInBucket;
        return node;
    }

    /// <summary>Adds a node whose key is not there. One writer at a time.</summary>
    internal void Add(HashNode node)
    {
        node.NextInBucket = _first;
        Volatile.Write(ref _first, node);
    }

    /// <summary>
    /// Puts a node in the place of one with the same key, so that a reader finds the old socket or the new one and never
    /// neither, as it can in the kernel. One writer at a time.
    /// </summary>
    internal void Replace(HashNode old, HashNode node)
    {
        node.NextInBucket = old.NextInBucket;
        if (_first == old)
            Volatile.Write(ref _first, node);
        else
            Before(old).NextInBucket = node;
    }

    /// <summary>Takes out a node that is there. One writer at a time.</summary>
    internal void Remove(HashNode node)
    {
        if (_first == node)
            Volatile.Write(ref _first, node.NextInBucket);
        else
            Before(node).NextInBucket = node.NextInBucket;
    }

    /// <summary>True while the node is in the chain. Not while somebody writes.</summary>
    internal bool Contains(HashNode node)
    {
        HashNode? other = _first;
        while (other is not null && other != node)
            other = other.NextInBucket;
        return other is not null;
    }

    private readonly HashNode Before(HashNode node)
    {
        HashNode previous = _first!;
        while (previous.NextInBucket != node)
            previous = previous.NextInBucket!;
        return previous;
    }
}
