using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Maps.Descriptors;

/// <summary>
/// The foreign sockets that are in maps, by cookie: two descriptors of one socket, or one in two maps, are one
/// socket, with one set of programs.
/// </summary>
internal static class ForeignSockets
{
    // Updates by descriptor are for tools and tests; one at a time is enough.
    private static readonly Lock Gate = new();
    private static readonly Dictionary<ulong, ForeignSocket> Known = [];

    /// <summary>Updates a map with the socket that a descriptor stands for.</summary>
    internal static Errno Update<TKey>(ManagedMap<TKey> map, in TKey key, int descriptor, MapUpdateFlags flags)
        where TKey : unmanaged
    {
        lock (Gate)
        {
            if (SocketFacts.Of(descriptor, out SocketFacts facts) is not Errno.None and var errno)
                return errno;
            if (!facts.IsSuitable)
                return Errno.EOPNOTSUPP;

            ForeignSocket socket = Find(facts, descriptor);
            errno = map.Update(key, socket, flags);
            if (errno == Errno.E2BIG && DropClosed())
                errno = map.Update(key, socket, flags);
            Forget(socket);
            return errno;
        }
    }

    /// <summary>Drops a socket that is in no map any more.</summary>
    internal static void Forget(ForeignSocket socket)
    {
        lock (Gate)
        {
            if (!socket.Memberships.Any && Known.GetValueOrDefault(socket.Cookie) == socket)
                Known.Remove(socket.Cookie);
        }
    }

    private static ForeignSocket Find(in SocketFacts facts, int descriptor)
    {
        if (!Known.TryGetValue(facts.Cookie, out ForeignSocket? socket) || socket.Memberships.IsClosed)
            Known[facts.Cookie] = socket = new ForeignSocket(facts.Cookie);
        socket.Descriptor = descriptor;
        return socket;
    }

    // A map may be full of sockets that have been closed and that nobody asked for since.
    private static bool DropClosed()
    {
        ForeignSocket[] closed = [.. Known.Values.Where(socket => !socket.IsOpen)];
        foreach (ForeignSocket socket in closed)
        {
            socket.Memberships.Close(socket);
            Known.Remove(socket.Cookie);
        }

        return closed.Length > 0;
    }
}
