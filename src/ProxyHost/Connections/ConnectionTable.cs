namespace Sluice.ProxyHost.Connections;

/// <summary>All live connections, in one shard for each accept loop and configuration of it. Safe from any thread.</summary>
internal sealed class ConnectionTable
{
    private readonly Lock _lock = new();
    private ConnectionShard[] _shards = [];
    private long _lastId;

    /// <summary>Connections at this moment.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (ConnectionShard shard in Volatile.Read(ref _shards))
                count += shard.Count;
            return count;
        }
    }

    /// <summary>Connections that have come and gone, those refused at once included. A moment's estimate.</summary>
    public long Ended => Interlocked.Read(ref _lastId) - Count;

    /// <summary>A number that no other connection of this process has.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>A shard for one more accept loop.</summary>
    public ConnectionShard AddShard()
    {
        var shard = new ConnectionShard();
        lock (_lock)
            Volatile.Write(ref _shards, [.. _shards, shard]);
        return shard;
    }

    /// <summary>Nobody adds to this shard any more, and it is empty.</summary>
    public void RemoveShard(ConnectionShard shard)
    {
        lock (_lock)
            Volatile.Write(ref _shards, [.. _shards.Where(other => other != shard)]);
    }

    /// <summary>The connection with this number; null where it has ended or there was none. Looks at every connection.</summary>
    public ProxiedConnection? Find(long id) => Snapshot().Find(connection => connection.Id == id);

    /// <summary>Those there are now; each may end while it is looked at.</summary>
    public List<ProxiedConnection> Snapshot()
    {
        var connections = new List<ProxiedConnection>(Count + 16);
        foreach (ConnectionShard shard in Volatile.Read(ref _shards))
            shard.CopyTo(connections);
        return connections;
    }
}
