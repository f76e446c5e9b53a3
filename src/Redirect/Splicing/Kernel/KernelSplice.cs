using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Managed;
using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// A spliced connection that begins in the copy loop and is offered to the kernel once it has shown to be more than short. Both
/// sockets then lie in the reactor's sockmap until they are closed; each direction goes to the kernel and back by itself.
/// </summary>
internal sealed class KernelSplice(SplicePair pair, StreamSocket client, StreamSocket upstream, bool useSplice, ReactorOffload offload)
    : ManagedSplice(pair, client, upstream, useSplice)
{
    private const int MostTriesForABase = 4;

    private readonly StreamSocket _client = client;
    private readonly StreamSocket _upstream = upstream;
    private KernelFlow? _fromClient;
    private KernelFlow? _fromUpstream;
    private ulong _clientCookie;
    private ulong _upstreamCookie;
    private int _index = -1;
    private int _drained;
    private bool _isOffered = true; // until both flows run

    /// <summary>Something of the program's ring, for the record at this index.</summary>
    internal void OnEvent(int index, SpliceEvent what)
    {
        if (IsCompleted || _fromClient is null)
            return;

        if (what == SpliceEvent.Gap)
            ResetForGap();
        else
            (index == _index ? _fromClient : _fromUpstream)!.Pump();
    }

    /// <summary>Once a second.</summary>
    internal void Sweep(bool memoryIsShort)
    {
        if (IsCompleted || _fromClient is null)
            return;

        if (HasGap)
        {
            ResetForGap();
            return;
        }

        _fromClient.Sweep(memoryIsShort);
        if (!IsCompleted)
            _fromUpstream!.Sweep(memoryIsShort);
    }

    /// <summary>The kernel gets it no more: it goes on in user space.</summary>
    internal void Demote()
    {
        _isOffered = true;
        _fromClient?.Demote();
        _fromUpstream?.Demote();
    }

    internal override void Failed(Direction side, Errno errno)
    {
        if (_fromClient is null)
        {
            base.Failed(side, errno);
            return;
        }

        if (IsCompleted)
            return;

        Blame(SocketEnds.ReasonFor(side, errno), errno, side);
        (KernelFlow from, KernelFlow to) = side == Direction.FromClient ? (_fromClient, _fromUpstream!) : (_fromUpstream!, _fromClient);
        to.Stop();
        if (from.IsStopped)
            ResetNow();
        else
            from.DeliverRest();
    }

    /// <summary>What the dead side had sent is not taken by the other: nobody waits longer.</summary>
    internal void GiveUp() => ResetNow();

    internal override void Drained()
    {
        if (_isOffered || ++_drained < offload.Engine.Options.ReadsBefore || !IsAtRest)
            return;

        _isOffered = true;
        if (Offer() is { } reason)
            offload.Engine.Counters.Refuse(reason);
    }

    private protected override void Start()
    {
        base.Start();
        _isOffered = false;
        Drained();
    }

    private protected override void CountProgress()
    {
        _ = _fromClient?.Account();
        _ = _fromUpstream?.Account();
    }

    private protected override void Stop()
    {
        base.Stop();
        _fromClient?.Stop();
        _fromUpstream?.Stop();
    }

    // The sockets are closed and out of the map: the program runs for them no more.
    private protected override void OnClosed()
    {
        if (_index < 0)
            return;

        CountProgress();
        offload.Engine.Counters.Overlapped(offload.Table[_index].Overlaps + offload.Table[_index + 1].Overlaps);
        offload.Table.Forget(_clientCookie);
        offload.Table.Forget(_upstreamCookie);
        offload.Return(_index);
        _index = -1;
    }

    private bool HasGap => (Volatile.Read(ref offload.Table[_index].Gaps) | Volatile.Read(ref offload.Table[_index + 1].Gaps)) != 0;

    // Null: the kernel's map has both.
    private OffloadRefused? Offer()
    {
        if (!_client.IsTcp || !_upstream.IsTcp)
            return OffloadRefused.NotTcp;
        if (_client.HasUrgentData || _upstream.HasUrgentData)
            return OffloadRefused.UrgentData;
        if (_client.ForceSendBuffer(2 * offload.Window) < 0 || _upstream.ForceSendBuffer(2 * offload.Window) < 0)
            return OffloadRefused.SendBuffer;
        if (!TryReadAccepted(_client, out ulong acceptedByClient) || !TryReadAccepted(_upstream, out ulong acceptedByUpstream))
        {
            _isOffered = false; // acknowledgements come just now; the next time will do
            return null;
        }

        _index = offload.Rent(this);
        if (_index < 0)
            return OffloadRefused.MapFull;

        (_clientCookie, _upstreamCookie) = (_client.Cookie, _upstream.Cookie);
        Errno errno = offload.Table.Know(_clientCookie, _index);
        if (errno == Errno.None)
            errno = offload.Table.Know(_upstreamCookie, _index + 1);
        if (errno == Errno.None)
            errno = _client.EnterSockMap(fd => offload.Table.Insert(_index, fd));
        if (errno != Errno.None)
        {
            offload.Table.Forget(_clientCookie);
            offload.Table.Forget(_upstreamCookie);
            offload.Return(_index);
            _index = -1;
            return OffloadRefused.Insert;
        }

        // From here on the client's socket gives its bytes only as a member of the map, whatever becomes of the other.
        errno = _upstream.EnterSockMap(fd => offload.Table.Insert(_index + 1, fd));
        TakeOver(acceptedByClient, acceptedByUpstream, mayOffload: errno == Errno.None);
        return errno == Errno.None ? null : OffloadRefused.Insert;
    }

    private void TakeOver(ulong acceptedByClient, ulong acceptedByUpstream, bool mayOffload)
    {
        base.Stop();
        _fromClient = new KernelFlow(
            this, Direction.FromClient, _client, _upstream, offload, _index, (ulong)Pair.BytesFromClient, acceptedByUpstream);
        _fromUpstream = new KernelFlow(
            this, Direction.FromUpstream, _upstream, _client, offload, _index + 1, (ulong)Pair.BytesFromUpstream, acceptedByClient);
        if (mayOffload)
            offload.Engine.Counters.Inserted();
        _fromClient.Start(mayOffload);
        if (!IsCompleted)
            _fromUpstream.Start(mayOffload);
    }

    // Both numbers at one moment: no acknowledgement may come between.
    private static bool TryReadAccepted(StreamSocket socket, out ulong accepted)
    {
        for (int attempt = 0; attempt < MostTriesForABase; attempt++)
        {
            ulong before = socket.ReadTcpInfo().BytesAcked;
            accepted = before + (ulong)socket.Unacknowledged;
            if (socket.ReadTcpInfo().BytesAcked == before)
                return true;
        }

        accepted = 0;
        return false;
    }

    private void ResetForGap()
    {
        offload.Engine.Counters.Refuse(OffloadRefused.Gap);
        Blame(EndReason.InternalError, Errno.EPROTO, side: null);
        ResetNow();
    }
}
