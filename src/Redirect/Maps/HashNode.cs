using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>
/// An entry of a sockhash, and in one object its place in a bucket's chain: every proxied connection has two of them. It
/// never changes; another socket under the same key is another node. Of an IPv4 key it leaves out the first halves of the
/// addresses, which are 0.
/// </summary>
internal class HashNode : MapEntry
{
    private readonly SockHash _map;
    private readonly (ulong Remote, ulong Local, ulong Ports) _low;
    private HashNode? _nextInBucket;

    private HashNode(SockHash map, in SocketKey key, IMapSocket socket)
        : base(socket) => (_map, _low) = (map, key.Low);

    internal SocketKey Key => new(High, _low);

    /// <summary>The next in the bucket; set before the node is published.</summary>
    internal HashNode? NextInBucket
    {
        get => Volatile.Read(ref _nextInBucket);
        set => Volatile.Write(ref _nextInBucket, value);
    }

    /// <summary>The first halves of the key's addresses.</summary>
    private protected virtual (ulong Remote, ulong Local) High => default;

    /// <summary>A node in no bucket yet.</summary>
    internal static HashNode Create(SockHash map, in SocketKey key, IMapSocket socket) =>
        key.High == default ? new HashNode(map, key, socket) : new Wide(map, key, socket);

    /// <summary>True when it is the entry of this key.</summary>
    internal bool Has(in SocketKey key)
    {
        (ulong remote, ulong local, ulong ports) = key.Low;
        return ((_low.Remote ^ remote) | (_low.Local ^ local) | (_low.Ports ^ ports)) == 0 && High == key.High;
    }

    internal override void RemoveFromMap() => _map.Remove(this);

    private sealed class Wide(SockHash map, in SocketKey key, IMapSocket socket) : HashNode(map, key, socket)
    {
        private readonly (ulong Remote, ulong Local) _high = key.High;

        private protected override (ulong Remote, ulong Local) High => _high;
    }
}
