using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing;

/// <summary>
/// The sockhashes of one listener, in which both sockets of each of its connections lie. As in the kernel's sample, the key is
/// where bytes come from and the socket is where they go: <see cref="Upstreams"/> has the upstream's socket under the client
/// connection's 4-tuple, <see cref="Clients"/> the client's socket under the upstream connection's. Each map's programs judge
/// what its sockets receive. Safe from any thread; a connection's own members on its reactor.
/// </summary>
public sealed class SpliceMaps : IDisposable
{
    /// <summary>Maps for so many connections at a time, with a program for each direction or the constant redirect.</summary>
    /// <param name="maxConnections">At least 1.</param>
    /// <param name="fromClient">Judges what clients send; null: all of it is passed on.</param>
    /// <param name="fromUpstream">Judges what upstreams send, likewise.</param>
    /// <param name="clusters">To how many clusters a connection may be redirected besides its own.</param>
    public SpliceMaps(int maxConnections, StreamProgram? fromClient = null, StreamProgram? fromUpstream = null, int clusters = 0)
    {
        (FromClient, FromUpstream) = (fromClient, fromUpstream);
        Clients = Create(maxConnections);
        Upstreams = Create((long)maxConnections * (1 + clusters));
        Attach(Clients, fromClient, Upstreams);
        Attach(Upstreams, fromUpstream, Clients);
    }

    /// <summary>The clients' sockets.</summary>
    public SockHash Clients { get; }

    /// <summary>The upstreams' sockets.</summary>
    public SockHash Upstreams { get; }

    /// <summary>What judges the bytes of clients; null for the constant redirect.</summary>
    public StreamProgram? FromClient { get; }

    /// <summary>What judges the bytes of upstreams; null for the constant redirect.</summary>
    public StreamProgram? FromUpstream { get; }

    /// <summary>True when a connection may be spliced only if it is in the maps.</summary>
    public bool AreNeeded => (FromClient ?? FromUpstream) is not null;

    /// <summary>
    /// Puts both sockets in, and so gives them their programs. Connections of a transport that has no sockets for maps are left
    /// alone. EEXIST: another connection has the same 4-tuple, which link-local IPv6 on two interfaces can have; E2BIG: the maps
    /// are full. After a refusal neither socket is in. On the connection's reactor.
    /// </summary>
    public Errno Insert(SplicePair pair)
    {
        if (pair.Client is not IMapSocketFeature client || pair.Upstream is not IMapSocketFeature upstream)
            return Errno.None;

        if (TryGetKey(client, out SocketKey clientKey) is not Errno.None and var noClientKey)
            return noClientKey;
        if (TryGetKey(upstream, out SocketKey upstreamKey) is not Errno.None and var noUpstreamKey)
            return noUpstreamKey;

        Errno errno = Upstreams.Update(clientKey, upstream.Socket, MapUpdateFlags.NoExist);
        if (errno != Errno.None)
            return errno;

        errno = Clients.Update(upstreamKey, client.Socket, MapUpdateFlags.NoExist);
        if (errno != Errno.None)
            _ = Upstreams.Delete(clientKey);
        return errno;
    }

    /// <summary>Puts the socket of a further cluster's connection in, under its own 4-tuple. Results as of <see cref="Insert"/>.</summary>
    public Errno InsertUpstream(ConnectionContext connection)
    {
        if (connection is not IMapSocketFeature upstream)
            return Errno.None;

        return TryGetKey(upstream, out SocketKey key) is not Errno.None and var errno
            ? errno
            : Upstreams.Update(key, upstream.Socket, MapUpdateFlags.NoExist);
    }

    /// <summary>Takes every socket out. Connections that are being spliced go on.</summary>
    public void Dispose()
    {
        Clients.Dispose();
        Upstreams.Dispose();
    }

    /// <summary>A connection's 4-tuple, or what stands for it.</summary>
    internal static Errno TryGetKey(IMapSocketFeature connection, out SocketKey key)
    {
        if (connection.TryGetKey(out key))
            return Errno.None;

        Errno errno = connection.Socket.CheckState();
        key = errno == Errno.None ? SocketKey.OfCookie(connection.Socket.Cookie) : default;
        return errno;
    }

    private static SockHash Create(long entries)
    {
        Errno errno = SockHash.Create(new MapAttributes(SocketKey.Size, (uint)Math.Min(entries, 1 << 27)), out SockHash? map);
        return map ?? throw new InvalidOperationException($"No sockhash for {entries} connections: {errno}");
    }

    private static void Attach(SockHash map, StreamProgram? program, SockHash others)
    {
        if (program?.Parser is { } parser)
            _ = map.Attach(AttachType.SkSkbStreamParser, parser);
        AttachType slot = program?.Parser is null ? AttachType.SkSkbVerdict : AttachType.SkSkbStreamVerdict;
        _ = map.Attach(slot, program?.Verdict ?? new ConstantRedirect(others));
    }
}
