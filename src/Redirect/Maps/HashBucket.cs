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
        while (node is not null && !node.Key.Equals(key))
            node = node.Next;
        return node;
    }

    /// <summary>Adds a node whose key is not there. One writer at a time.</summary>
    internal void Add(HashNode node)
    {
        node.Next = _first;
        Volatile.Write(ref _first, node);
    }

    /// <summary>Takes out a node that is there. One writer at a time.</summary>
    internal void Remove(HashNode node)
    {
        if (_first == node)
        {
            Volatile.Write(ref _first, node.Next);
            return;
        }

        HashNode previous = _first!;
        while (previous.Next != node)
            previous = previous.Next!;
        previous.Next = node.Next;
    }

    /// <summary>True while the node is in the chain. Not while somebody writes.</summary>
    internal bool Contains(HashNode node)
    {
        HashNode? other = _first;
        while (other is not null && other != node)
            other = other.Next;
        return other is not null;
    }
}

/// <summary>
/// A key of a sockhash. Its entry is replaced in place, so that a reader finds the old socket or the new one and never
/// neither, as it can in the kernel.
/// </summary>
internal sealed class HashNode(in SocketKey key)
{
    internal readonly SocketKey Key = key;
    private MapEntry? _entry;
    private HashNode? _next;

    /// <summary>Set before the node is published.</summary>
    internal MapEntry Entry { get => Volatile.Read(ref _entry)!; set => Volatile.Write(ref _entry, value); }

    internal HashNode? Next { get => Volatile.Read(ref _next); set => Volatile.Write(ref _next, value); }
}
