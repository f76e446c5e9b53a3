namespace Sluice.Redirect.Maps;

/// <summary>
/// The managed engine's sockmap: an array of sockets, in which every index exists whether a socket is there or not.
/// Eight bytes an index, used or not.
/// </summary>
public sealed class SockMap : ManagedMap<uint>
{
    private readonly Lock _gate = new();
    private readonly Entry?[] _entries;
    private bool _disposed;

    private SockMap(in MapAttributes attributes)
        : base(attributes) => _entries = new Entry?[attributes.MaxEntries];

    /// <summary>Creates a map. EINVAL: key or value size, or no entries; ENOMEM: too many.</summary>
    public static Errno Create(in MapAttributes attributes, out SockMap? map)
    {
        map = null;
        if (attributes.Check(sizeof(uint)) is not Errno.None and var errno)
            return errno;
        if (attributes.MaxEntries > Array.MaxLength)
            return Errno.ENOMEM;

        try
        {
            map = new SockMap(attributes);
            return Errno.None;
        }
        catch (OutOfMemoryException)
        {
            return Errno.ENOMEM;
        }
    }

    /// <inheritdoc/>
    public override Errno GetFirstKey(out uint key)
    {
        key = 0;
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno GetNextKey(in uint key, out uint next)
    {
        next = key >= MaxEntries ? 0 : key + 1;
        return key == MaxEntries - 1 ? Errno.ENOENT : Errno.None;
    }

    private protected override MapEntry? FindEntry(in uint key) => key < _entries.Length ? Volatile.Read(ref _entries[key]) : null;

    private protected override Errno Insert(in uint key, IMapSocket socket, MapUpdateFlags flags, out MapEntry? replaced)
    {
        replaced = null;
        if (key >= MaxEntries)
            return Errno.E2BIG;

        var entry = new Entry(this, key, socket);
        lock (_gate)
        {
            if (_disposed)
                return Errno.EBADF;

            Entry? present = _entries[key];
            Errno errno = socket.Memberships.Add(entry, Programs, CheckFlags(flags, present is not null));
            if (errno != Errno.None)
                return errno;

            Volatile.Write(ref _entries[key], entry);
            present?.Socket.Memberships.Remove(present, Programs);
            replaced = present;
            return Errno.None;
        }
    }

    private protected override Errno Remove(in uint key, out MapEntry? removed)
    {
        removed = null;
        if (key >= MaxEntries)
            return Errno.EINVAL;

        lock (_gate)
        {
            removed = _entries[key];
            if (removed is null)
                return Errno.EINVAL;

            Volatile.Write(ref _entries[key], null);
            removed.Socket.Memberships.Remove(removed, Programs);
            return Errno.None;
        }
    }

    private protected override List<MapEntry> Clear()
    {
        lock (_gate)
        {
            _disposed = true;
            List<MapEntry> all = [.. _entries.OfType<MapEntry>()];
            Array.Clear(_entries);
            all.ForEach(entry => entry.Socket.Memberships.Remove(entry, Programs));
            return all;
        }
    }

    private sealed class Entry(SockMap map, uint index, IMapSocket socket) : MapEntry(socket)
    {
        internal override void RemoveFromMap()
        {
            lock (map._gate)
            {
                if (map._entries[index] == this)
                {
                    Volatile.Write(ref map._entries[index], null);
                    Socket.Memberships.Remove(this, map.Programs);
                }
            }
        }
    }
}
