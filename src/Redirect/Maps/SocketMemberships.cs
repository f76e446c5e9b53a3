namespace Sluice.Redirect.Maps;

/// <summary>
/// A socket's entries in maps and the programs it inherited with them: what a struct sk_psock knows of maps. A field of the
/// socket, since every proxied connection has two of them. Changes lock the socket, always inside a map's lock and never around
/// one, which is why two maps and two sockets never wait for each other.
/// </summary>
public struct SocketMemberships
{
    // Of a socket that has left its maps for good the list ends in this.
    private static readonly MapEntry Closed = new EndOfClosed();

    private MapEntry? _first;
    private AttachedPrograms? _programs;

    /// <summary>The inherited programs. Readable from any thread.</summary>
    public readonly AttachedPrograms Programs => Volatile.Read(in _programs) ?? AttachedPrograms.None;

    /// <summary>True while the socket is in a map, which is when it has a psock. Readable from any thread.</summary>
    public readonly bool Any => !IsEnd(Volatile.Read(in _first));

    /// <summary>
    /// Takes the socket out of every map, and keeps it from entering one again. Called when it closes, by any thread.
    /// </summary>
    /// <param name="socket">The one whose memberships these are.</param>
    public void Close(IMapSocket socket)
    {
        lock (socket)
            Last() = Closed;

        // Each entry is taken out under its map's lock, where it may just have gone by itself.
        while (Volatile.Read(in _first) is { } entry && entry != Closed)
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
            if (Last() == Closed)
                return Errno.EOPNOTSUPP;
            if (Programs.ConflictWith(programs))
                return Errno.EBUSY;
            if (refusal != Errno.None)
                return refusal;

            entry.Next = _first;
            Volatile.Write(ref _programs, Programs.Join(programs));
            Volatile.Write(ref _first, entry);
            return Errno.None;
        }
    }

    /// <summary>Removes an entry of a map that has these programs now. With the last entry all programs go.</summary>
    internal void Remove(MapEntry entry, AttachedPrograms programs)
    {
        lock (entry.Socket)
        {
            ref MapEntry? place = ref _first;
            while (!IsEnd(place) && place != entry)
                place = ref place!.Next;
            if (place == entry)
                Volatile.Write(ref place, entry.Next);

            Volatile.Write(ref _programs, IsEnd(_first) ? null : Programs.Leave(programs));
        }
    }

    /// <summary>True from <see cref="Close"/> on.</summary>
    internal bool IsClosed(IMapSocket socket)
    {
        lock (socket)
            return Last() == Closed;
    }

    /// <summary>How many entries there are.</summary>
    internal readonly int Count(IMapSocket socket)
    {
        lock (socket)
        {
            int count = 0;
            for (MapEntry? entry = _first; !IsEnd(entry); entry = entry!.Next)
                count++;
            return count;
        }
    }

    private static bool IsEnd(MapEntry? entry) => entry is null || entry == Closed;

    // Where the list ends: null, or the mark of a closed socket.
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    private ref MapEntry? Last()
    {
        ref MapEntry? place = ref _first;
        while (!IsEnd(place))
            place = ref place!.Next;
        return ref place;
    }

    private sealed class EndOfClosed() : MapEntry(null!)
    {
        internal override void RemoveFromMap()
        {
        }
    }
}
