using System.Net.Sockets;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Pairs;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>
/// One spliced connection whose bytes are judged by programs: a psock for each of its sockets, and one for each further
/// cluster that rules redirect to. The client's FIN goes to all of them; the client gets FIN when all of them have ended. When
/// any of them fails, what it had sent before is delivered and the others are reset.
/// </summary>
internal sealed class ProgramSplice : RunningPair, IPsockOwner
{
    private readonly Psock _upstream;
    private readonly StreamSocket _clientSocket;
    private readonly StreamSocket _upstreamSocket;
    private readonly ClusterSockets _clusters;
    private bool _clientEnded;
    private bool _upstreamEnded;
    private bool _resetting;
    private bool _lingers;
    private bool _closesBetweenMessages;
    private bool _clientWasLast; // to send a message, which may await its answer

    internal ProgramSplice(SplicePair pair, StreamSocket client, StreamSocket upstream)
        : base(pair, client)
    {
        (_clientSocket, _upstreamSocket) = (client, upstream);
        Options = OptionsOf(pair.Maps);
        _clusters = new ClusterSockets(this, pair.Clusters);
        Client = CreatePsock((IMapSocketFeature)pair.Client, client, Direction.FromClient);
        _upstream = CreatePsock((IMapSocketFeature)pair.Upstream, upstream, Direction.FromUpstream);
        Client.Forward = _upstream;
        _upstream.Forward = Client;
    }

    internal Psock Client { get; }

    internal PsockOptions Options { get; }

    internal BufferPool Buffers => Reactor.Buffers;

    /// <summary>What takes the bytes for a further cluster now.</summary>
    internal ClusterSocket? SocketTo(uint cluster) => _clusters.To(cluster);

    /// <summary>Puts the socket of a further cluster's connection into the maps, where it inherits its program.</summary>
    internal Errno Register(ReactorConnection connection) => Pair.Maps?.InsertUpstream(connection) ?? Errno.None;

    /// <summary>A further cluster's connection is there: it is judged as the upstream is, and its bytes go to the client.</summary>
    internal Psock Adopt(ReactorConnection connection, StreamSocket socket)
    {
        socket.PaceLike(_upstreamSocket);
        Psock psock = CreatePsock(connection, socket, Direction.FromUpstream);
        psock.Forward = Client;
        return psock;
    }

    /// <summary>What had gathered for it was handed to it.</summary>
    internal void Joined(ClusterSocket socket)
    {
        Psock psock = socket.Psock!;
        psock.Start();
        psock.Flush();
        if (_clientEnded)
            psock.ShutdownSend();
        if (_resetting)
            PassResetOn();
    }

    /// <summary>A further cluster could not be connected to.</summary>
    internal void DialFailed(ClusterSocket socket, EndReason reason, Errno errno)
    {
        if (IsCompleted)
            return;

        socket.Stop();
        _clusters.Remove(socket);
        Blame(reason, errno, null);
        PassResetOn();
    }

    void IPsockOwner.Sent(Psock psock, long count)
    {
        _clientWasLast = psock != Client;
        Delivered(psock == Client ? Direction.FromUpstream : Direction.FromClient, DataPath.Copy, count);
    }

    void IPsockOwner.AllSent(Psock psock)
    {
        if (!psock.IsOpen)
            Forget(psock);
        if (_resetting)
            PassResetOn();
        LookForBoundary();
        if (!IsCompleted)
            Offload?.AllSent(this);
    }

    void IPsockOwner.Drained(Psock psock)
    {
        LookForBoundary();
        if (psock == Client || psock == _upstream)
            Offload?.Drained(this, psock.Side);
    }

    void IPsockOwner.StreamEnded(Psock psock)
    {
        if (psock == Client)
        {
            _clientEnded = true;
            _upstream.ShutdownSend();
            _clusters.ForEachPsock(static socket => socket.ShutdownSend());
        }
        else if (psock == _upstream)
        {
            _upstreamEnded = true;
            EndClientWhenAllEnded();
        }
        else
        {
            psock.Close();
        }
    }

    void IPsockOwner.FinSent(Psock psock)
    {
        if (psock == Client)
            FinPassedOn(Direction.FromUpstream);
        else if (psock == _upstream)
            FinPassedOn(Direction.FromClient);
    }

    void IPsockOwner.Ended(Psock psock)
    {
        if (IsCompleted)
            return;

        PsockEnd end = psock.End!;
        if (end is { Reason: EndReason.ProgramFault, Evidence: { } evidence })
            Reactor.Report(evidence);
        Blame(end.Reason, end.Errno, end.IsOfSocket ? psock.Side : null);
        _resetting = true; // before it is forgotten: a cut stream must not end the client's with FIN
        Forget(psock);
        PassResetOn();
    }

    private protected override void Start()
    {
        Client.Start();
        _upstream.Start();
    }

    private protected override void BeginToClose()
    {
        _closesBetweenMessages = true;
        if (Offload is { } offload && (offload.Bypasses(Direction.FromClient) || offload.Bypasses(Direction.FromUpstream)))
        {
            offload.Demote(this);
            _clientWasLast = true; // what went past may await its answer, which tells itself by coming this way
        }

        LookForBoundary();
    }

    // In a turn of its own: whoever tells is in the midst of its work.
    private void LookForBoundary()
    {
        if (_closesBetweenMessages && !IsCompleted)
            Reactor.Post(static splice => ((ProgramSplice)splice!).CloseAtBoundary(), this);
    }

    private void CloseAtBoundary()
    {
        if (!IsCompleted && !_resetting && !_clientWasLast && _clusters.IsEmpty && Client.IsBetweenMessages && _upstream.IsBetweenMessages)
            EndClean(EndReason.DrainedBetweenMessages);
    }

    private protected override void Stop()
    {
        Client.LetGo();
        _upstream.LetGo();
        _clusters.Stop();
    }

    // Bytes of further clusters go to the client as well, and the client's FIN to all of them: too much for the kernel.
    internal override bool IsAtRest(Direction side, out StandingVerdict standing)
    {
        standing = default;
        return !_resetting && _clusters.IsEmpty && PsockOf(side).IsAtRest(out standing);
    }

    internal override void Continue(Direction side, in StandingVerdict standing) => PsockOf(side).Continue(standing);

    private Psock PsockOf(Direction side) => side == Direction.FromClient ? Client : _upstream;

    private protected override bool HasOthers => !_clusters.IsEmpty;

    private protected override int Unacknowledged(StreamSocket socket)
    {
        int sum = Of(_clientSocket) + Of(_upstreamSocket);
        _clusters.ForEachPsock(psock => sum += psock.Unacknowledged);
        return sum;

        static int Of(StreamSocket socket) => socket.HasFailed ? 0 : socket.Unacknowledged;
    }

    private void EndClientWhenAllEnded()
    {
        if (_resetting || !_upstreamEnded || !_clusters.IsEmpty)
            return;

        Client.ShutdownSend();
        CompleteWhenDone();
    }

    // A further cluster's socket that is gone.
    private void Forget(Psock psock)
    {
        if (_clusters.Of(psock) is not { } socket)
            return;

        socket.Return();
        _clusters.Remove(socket);
        EndClientWhenAllEnded();
    }

    // Something ended the connection. What was judged before goes out to the ends that are left; then they are reset.
    private void PassResetOn()
    {
        _resetting = true;
        Client.StopReceiving();
        _upstream.StopReceiving();
        _clusters.ForEachPsock(static psock => psock.StopReceiving());
        if (_lingers || IsCompleted || Client.HasUnsent || _upstream.HasUnsent || _clusters.HaveUnsent)
            return;

        _lingers = true;
        ResetWhenAcknowledged(_clientSocket);
    }

    private Psock CreatePsock(IMapSocketFeature connection, StreamSocket socket, Direction side)
    {
        _ = SpliceMaps.TryGetKey(connection, out SocketKey key);
        AddressFamily family = key.HasNoPorts ? AddressFamily.Unix
            : key.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        var context = new MessageContext(MessageDirection.Ingress, family, key) { Side = side, Clusters = _clusters, Observer = Pair.Observer };
        return new Psock(socket, context, Options, this);
    }

    private static PsockOptions OptionsOf(SpliceMaps? maps)
    {
        int most = Math.Max(maps?.FromClient?.MaxMessage ?? 0, maps?.FromUpstream?.MaxMessage ?? 0);
        return most == 0 ? new PsockOptions() : new PsockOptions { MessageBytes = most, CorkBytes = most };
    }
}
