using Sluice.Redirect.Linux;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// Offers one connection to the kernel, which has shown to be more than short. Both its sockets then lie in the reactor's
/// sockmaps until they are closed; each direction goes to the kernel and comes back by itself.
/// </summary>
internal sealed class PairOffload(RunningPair splice, ReactorOffload reactor, SpliceSockets sockets) : IPairOffload
{
    private const int MostTriesForABase = 4;
    private const int LongestRefusal = 1024;

    // Above the window, so that one skb may fill it: the program counts four bytes of memory for each, and the kernel gives twice
    // of what it is asked for.
    private const int BufferMargin = 64 * 1024;

    private OffloadedSocket? _client;
    private OffloadedSocket? _upstream;
    private int _index = -1;
    private int _pauseOfClient;
    private int _pauseOfUpstream;
    private int _pause = 1;
    private bool _isOffered;

    internal RunningPair Splice => splice;

    internal ReactorOffload Reactor => reactor;

    private int Buffer => (2 * reactor.Window) + BufferMargin;

    private bool HasGap => (Volatile.Read(ref reactor.Table[_index].Gaps) | Volatile.Read(ref reactor.Table[_index + 1].Gaps)) != 0;

    public void Drained(RunningPair pair, Direction side)
    {
        if (_client is not null)
        {
            ref int pause = ref side == Direction.FromClient ? ref _pauseOfClient : ref _pauseOfUpstream;
            if (pause > 0)
                pause--;
            else
                (side == Direction.FromClient ? _client : _upstream)!.TryGiveToKernel();
        }
        else if (!_isOffered && splice.IsAtRest(Direction.FromClient, out _) && splice.IsAtRest(Direction.FromUpstream, out _))
        {
            _isOffered = true;
            if (Offer() is { } reason)
                reactor.Engine.Counters.Refuse(reason);
        }
    }

    public void CountProgress()
    {
        _ = _client?.Account();
        _ = _upstream?.Account();
    }

    public bool Bypasses(Direction side) => false;

    public void OnClosing()
    {
    }

    public void OnClosed()
    {
        if (_index < 0)
            return;

        _client!.OnClosed();
        _upstream!.OnClosed();
        Leave(_client.Cookie, _upstream.Cookie);
    }

    /// <summary>A direction came back. One that keeps coming back at once is left alone for longer and longer.</summary>
    internal void CameBack(Direction side, bool carriedLittle)
    {
        _pause = carriedLittle ? Math.Min(2 * _pause, LongestRefusal) : 1;
        int pause = _pause - 1;
        if (side == Direction.FromClient)
            _pauseOfClient = pause;
        else
            _pauseOfUpstream = pause;
    }

    /// <summary>Something of the program's ring, for the record at this index.</summary>
    internal void OnEvent(int index, SpliceEvent what)
    {
        if (splice.IsCompleted || _client is null)
            return;

        // The record tells what is true: the event may be of a connection that had it before.
        if (HasGap)
            Reset(OffloadRefused.Gap, Errno.EPROTO);
        else if (what == SpliceEvent.Demoted)
            (index == _index ? _client : _upstream)!.OnDemoted();
    }

    /// <summary>Once a second.</summary>
    internal void Sweep(bool memoryIsShort)
    {
        if (splice.IsCompleted || _client is null)
            return;

        if (HasGap)
        {
            Reset(OffloadRefused.Gap, Errno.EPROTO);
            return;
        }

        _client.Sweep(memoryIsShort);
        if (!splice.IsCompleted)
            _upstream!.Sweep(memoryIsShort);
    }

    /// <summary>The kernel has lost bytes of the pair: neither end may take what it has got for whole.</summary>
    internal void Reset(OffloadRefused reason, Errno errno)
    {
        reactor.Engine.Counters.Refuse(reason);
        splice.FailOffload(errno);
    }

    /// <summary>Has the kernel's worker look again at what waits for a socket: room in the send buffer does, and so does setting its size.</summary>
    internal void WakeWorker(StreamSocket socket) => _ = socket.ForceSendBuffer(Buffer);

    public void Demote(RunningPair pair)
    {
        _isOffered = true;
        if (_client is null)
            return;

        _client.MayOffload = false;
        _upstream!.MayOffload = false;
    }

    // Null: the kernel's maps have both.
    private OffloadRefused? Offer()
    {
        (StreamSocket client, StreamSocket upstream) = (splice.ClientSocket, splice.UpstreamSocket);
        if (!client.IsTcp || !upstream.IsTcp)
            return OffloadRefused.NotTcp;
        if (client.HasUrgentData || upstream.HasUrgentData)
            return OffloadRefused.UrgentData;
        if (!TryFixBuffers(client) || !TryFixBuffers(upstream))
            return OffloadRefused.SendBuffer;
        if (!TryReadBases(client, out ulong acceptedByClient, out ulong receivedFromClient)
            || !TryReadBases(upstream, out ulong acceptedByUpstream, out ulong receivedFromUpstream))
        {
            _isOffered = false; // acknowledgements come just now; the next time will do
            return null;
        }

        _index = reactor.Rent(this);
        if (_index < 0)
            return OffloadRefused.MapFull;

        _client = new OffloadedSocket(this, Direction.FromClient, client, _index, receivedFromClient, acceptedByClient) { Cookie = client.Cookie };
        _upstream = new OffloadedSocket(this, Direction.FromUpstream, upstream, _index + 1, receivedFromUpstream, acceptedByUpstream) { Cookie = upstream.Cookie };
        (_client.Other, _upstream.Other) = (_upstream, _client);
        return Insert();
    }

    // A receive buffer that grows would only gather what the send buffer on the other side cannot take: it does not grow either.
    private bool TryFixBuffers(StreamSocket socket) => socket.ForceSendBuffer(Buffer) >= 0 && socket.ForceReceiveBuffer(Buffer) >= 0;

    private OffloadRefused? Insert()
    {
        (StreamSocket client, StreamSocket upstream) = (splice.ClientSocket, splice.UpstreamSocket);
        OffloadedSocket first = _client!, second = _upstream!;
        Errno errno = reactor.Table.Know(first.Cookie, _index);
        if (errno == Errno.None)
            errno = reactor.Table.Know(second.Cookie, _index + 1);
        if (errno == Errno.None)
            errno = client.EnterSockMap(first, fd => sockets.InsertClient(_index, fd));
        if (errno != Errno.None)
        {
            (_client, _upstream) = (null, null);
            Leave(first.Cookie, second.Cookie);
            return OffloadRefused.Insert;
        }

        // From here on the client's socket gives its bytes only as a member of a map, whatever becomes of the other.
        errno = upstream.EnterSockMap(second, fd => sockets.InsertUpstream(_index + 1, fd));
        first.MayOffload = second.MayOffload = errno == Errno.None;
        if (errno == Errno.None)
            reactor.Engine.Counters.Inserted();
        client.RetryReceive();
        upstream.RetryReceive();
        return errno == Errno.None ? null : OffloadRefused.Insert;
    }

    private void Leave(ulong clientCookie, ulong upstreamCookie)
    {
        reactor.Table.Forget(clientCookie);
        reactor.Table.Forget(upstreamCookie);
        reactor.Return(_index);
        _index = -1;
    }

    // All numbers at one moment: nothing may arrive and nothing be acknowledged between.
    private static bool TryReadBases(StreamSocket socket, out ulong accepted, out ulong received)
    {
        for (int attempt = 0; attempt < MostTriesForABase; attempt++)
        {
            TcpInfo before = socket.ReadTcpInfo();
            accepted = before.BytesAcked + (ulong)socket.OutQueue;
            received = before.BytesReceived - (ulong)socket.InQueue;
            TcpInfo after = socket.ReadTcpInfo();
            if ((before.BytesAcked, before.BytesReceived) == (after.BytesAcked, after.BytesReceived))
                return true;
        }

        (accepted, received) = (0, 0);
        return false;
    }
}
