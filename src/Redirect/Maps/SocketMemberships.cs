namespace Sluice.Redirect.Maps;

/// <summary>
/// A socket's entries in maps and the programs it inherited with them: what a struct sk_psock knows of maps. A field of the
/// socket, since every proxied connection has two of them. Changes lock the socket, always inside a map's lock and never around
/// one, which is why two maps and two sockets never wait for each other.
/// </summary>
public struct SocketMemberships
{
    // In the place of the programs of a socket that has closed.
    private static readonly AttachedPrograms Closed = new(null, null, null, null);

    // Null, the one entry that most sockets have, or an array of several.
    private object? _entries;
    private AttachedPrograms? _programs;

    /// <summary>The inherited programs. Readable from any thread.</summary>
    public readonly AttachedPrograms Programs =>
        Volatile.Read(in _programs) is { } programs && !ReferenceEquals(programs, Closed) ? programs : AttachedPrograms.None;

    /// <summary>True while the socket is in a map, which is when it has a psock. Readable from any thread.</summary>
    public readonly bool Any => Volatile.Read(in _entries) is not null;

    /// <summary>True from <see cref="Close"/> on. Readable from any thread.</summary>
    internal readonly bool IsClosed => ReferenceEquals(Volatile.Read(in _programs), Closed);

    /// <summary>How many entries there are.</summary>
    internal readonly int Count => Volatile.Read(in _entries) switch
    {
        MapEntry[] several => several.Length,
        null => 0,
        _ => 1,
    };

    private readonly MapEntry? First => Volatile.Read(in _entries) switch
    {
        MapEntry[] several => several[0],
        object one => (MapEntry)one,
        null => null,
    };

    /// <summary>Takes the socket out of every map, and keeps it from entering one again. Called when it closes, by any thread.</summary>
    /// <param name="socket">The one whose memberships these are.</param>
    public void Close(IMapSocket socket)
    {
        lock (socket)
            Volatile.Write(ref _programs, Closed);

        // Each entry is taken out under its map's lock, where it may just have gone by itself.
        while (First is { } entry)
            entry.RemoveFromMap();
    }

    /// <summary>
    /// Adds an entry, and the map's programs where the socket takes any. <paramref name="refusal"/> is what the map has against
    /// it; as in the kernel, a second parser or verdict (EBUSY) comes first.
    /// </summary>
    internal Errno Add(MapEntry entry, AttachedPrograms programs, Errno refusal)
    {
        lock (entry.Socket)
        {
            if (IsClosed)
                return Errno.EOPNOTSUPP;
            if (Programs.ConflictWith(programs))
                return Errno.EBUSY;
            if (refusal != Errno.None)
                return refusal;

            Volatile.Write(ref _programs, Programs.Join(programs));
            Volatile.Write(ref _entries, _entries switch
            {
                MapEntry[] several => (MapEntry[])[entry, .. several],
                MapEntry one => (MapEntry[])[entry, one],
                _ => entry,
            });
            return Errno.None;
        }
    }

    /// <summary>Removes an entry of a map that has these programs now. With the last entry all programs go.</summary>
    internal void Remove(MapEntry entry, AttachedPrograms programs)
    {
        lock (entry.Socket)
        {
            Volatile.Write(ref _entries, _entries is MapEntry[] several ? Without(several, entry) : _entries == entry ? null : _entries);
            if (!IsClosed)
                Volatile.Write(ref _programs, Any ? Programs.Leave(programs) : null);
        }
    }

    private static object Without(MapEntry[] several, MapEntry entry)
    {
        MapEntry[] others = Array.FindAll(several, other => other != entry);
        return others.Length == 1 ? others[0] : others;
    }
}
