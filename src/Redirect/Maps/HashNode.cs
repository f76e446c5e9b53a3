using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>
/// An entry of a sockhash, and in one object its place in a bucket's chain: every proxied connection has two of them. It
/// never changes; another socket under the same key is another node.
/// </summary>
internal sealed class HashNode(SockHash map, in SocketKey key, IMapSocket socket) : MapEntry(socket)
{
    internal readonly SocketKey Key = key;
    private HashNode? _nextInBucket;

    /// <summary>The next in the bucket; set before the node is published.</summary>
    internal HashNode? NextInBucket
    {
        get => Volatile.Read(ref _nextInBucket);
        set => Volatile.Write(ref _nextInBucket, value);
    }

    internal override void RemoveFromMap() => map.Remove(this);
}
