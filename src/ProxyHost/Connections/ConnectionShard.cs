namespace Sluice.ProxyHost.Connections;

/// <summary>
/// The connections of one accept loop, as a list through the connections themselves: nothing is allocated for an entry.
/// On a reactor all coming and going is on one thread, so the lock is free unless somebody is looking.
/// </summary>
internal sealed class ConnectionShard
{
    private readonly Lock _lock = new();
    private ProxiedConnection? _first;
    private int _count;

    /// <summary>Connections in it at this moment.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a connection that is in no shard.</summary>
    public void Add(ProxiedConnection connection)
    {
        lock (_lock)
        {
            connection.Next = _first;
            _first?.Previous = connection;
            _first = connection;
            _count++;
        }
    }

    /// <summary>Removes a connection of this shard. Exactly once.</summary>
    public void Remove(ProxiedConnection connection)
    {
        lock (_lock)
        {
            if (connection.Previous is { } previous)
                previous.Next = connection.Next;
            else
                _first = connection.Next;
            connection.Next?.Previous = connection.Previous;
            connection.Previous = connection.Next = null;
            _count--;
        }
    }

    /// <summary>Appends those there are now. The lock is held for as long as copying the references takes.</summary>
    public void CopyTo(List<ProxiedConnection> connections)
    {
        lock (_lock)
        {
            for (ProxiedConnection? connection = _first; connection is not null; connection = connection.Next)
                connections.Add(connection);
        }
    }
}
