namespace Sluice.Redirect.Maps;

/// <summary>
/// A socket's entries in maps and the programs it inherited with them: what a struct sk_psock knows of maps. Locks on itself, always inside a map's lock and never around one, which is why two
/// maps and two sockets never wait for each other.
/// </summary>
public sealed class SocketMemberships
{
    private MapEntry? _first;
    private AttachedPrograms _programs = AttachedPrograms.None;
    private bool _closed;

    /// <summary>The inherited programs. Readable from any thread.</summary>
    public AttachedPrograms Programs => Volatile.Read(ref _programs);

    /// <summary>True while the socket is in a map, which is when it has a psock. Readable from any thread.</summary>
    public bool Any => Volatile.Read(ref _first) is not null;

    /// <summary>True from <see cref="Close"/> on.</summary>
    internal bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Takes the socket out of every map, and keeps it from entering one again. Called when it closes, by any thread.</summary>
    public void Close()
    {
        lock (this)
            Volatile.Write(ref _closed, true);

        // Each entry is taken out under its map's lock, where it may just have gone by itself.
        while (Volatile.Read(ref _first) is { } entry)
            entry.RemoveFromMap();
    }

    /// <summary>
    /// Adds an entry, and the map's programs where the socket takes any. <paramref name="refusal"/> is what the map has against
    /// it; as in the kernel, a second parser or verdict (EBUSY) comes first.
    /// </summary>
    internal Errno Add(MapEntry entry, AttachedPrograms programs, Errno refusal)
    {
        lock (this)
        {
            if (_closed)
                return Errno.EOPNOTSUPP;
            if (_programs.ConflictWith(programs))
                return Errno.EBUSY;
            if (refusal != Errno.None)
                return refusal;

            entry.Next = _first;
            Volatile.Write(ref _programs, _programs.Join(programs));
            Volatile.Write(ref _first, entry);
            return Errno.None;
        }
    }

    /// <summary>Removes an entry of a map that has these programs now. With the last entry all programs go.</summary>
    internal void Remove(MapEntry entry, AttachedPrograms programs)
    {
        lock (this)
        {
            if (_first == entry)
            {
                Volatile.Write(ref _first, entry.Next);
            }
            else
            {
                MapEntry? previous = _first;
                while (previous is not null && previous.Next != entry)
                    previous = previous.Next;
                if (previous is not null)
                    previous.Next = entry.Next;
            }

            Volatile.Write(ref _programs, _first is null ? AttachedPrograms.None : _programs.Leave(programs));
        }
    }

    /// <summary>How many entries there are.</summary>
    internal int Count()
    {
        lock (this)
        {
            int count = 0;
            for (MapEntry? entry = _first; entry is not null; entry = entry.Next)
                count++;
            return count;
        }
    }
}
