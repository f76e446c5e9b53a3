using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>
/// An entry of a sockhash, and in one object its place in a bucket's chain: every proxied connection has two of them. It
/// never changes; another socket under the same key is another node. An IPv4 key takes 12 bytes of it instead of 40.
/// </summary>
internal abstract class HashNode : MapEntry
{
    private readonly SockHash _map;
    private HashNode? _nextInBucket;

    private HashNode(SockHash map, IMapSocket socket)
        : base(socket) => _map = map;

    internal abstract SocketKey Key { get; }

    /// <summary>The next in the bucket; set before the node is published.</summary>
    internal HashNode? NextInBucket
    {
        get => Volatile.Read(ref _nextInBucket);
        set => Volatile.Write(ref _nextInBucket, value);
    }

    /// <summary>A node in no bucket yet.</summary>
    internal static HashNode Create(SockHash map, in SocketKey key, IMapSocket socket) =>
        IPv4Tuple.TryFrom(key, out IPv4Tuple tuple) ? new IPv4(map, tuple, socket) : new Whole(map, key, socket);

    /// <summary>True when it is the entry of this key.</summary>
    internal abstract bool Has(in SocketKey key);

    internal override void RemoveFromMap() => _map.Remove(this);

    private sealed class IPv4(SockHash map, IPv4Tuple tuple, IMapSocket socket) : HashNode(map, socket)
    {
        internal override SocketKey Key => tuple.ToKey();

        internal override bool Has(in SocketKey key) => IPv4Tuple.TryFrom(key, out IPv4Tuple other) && tuple == other;
    }

    private sealed class Whole(SockHash map, in SocketKey key, IMapSocket socket) : HashNode(map, socket)
    {
        private readonly SocketKey _key = key;

        internal override SocketKey Key => _key;

        internal override bool Has(in SocketKey key) => _key == key;
    }
}
