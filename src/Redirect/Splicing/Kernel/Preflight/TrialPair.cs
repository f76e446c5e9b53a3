using Sluice.Redirect.Linux;
using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>A proxied connection with both of its ends in the hands of one trial.</summary>
internal sealed class TrialPair : IDisposable
{
    private const int PieceToPromote = 1000;
    private const int MostPiecesToPromote = 500;

    private static readonly SpliceLimits Limits = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    private readonly TrialReactor _reactor;
    private readonly ISplicer _splicer;
    private Task<SpliceResult>? _result;

    private TrialPair(TrialReactor reactor, ISplicer splicer, SplicePair pair, StreamEnd client, StreamEnd server) =>
        (_reactor, _splicer, Pair, Client, Server) = (reactor, splicer, pair, client, server);

    internal StreamEnd Client { get; }

    internal StreamEnd Server { get; }

    internal SplicePair Pair { get; }

    /// <summary>Connects both sides; nothing is spliced yet.</summary>
    internal static TrialPair Connect(TrialReactor reactor, Loopback loopback, ISplicer splicer, int receiveBuffer = 0)
    {
        (int client, StreamEnd clientEnd) = loopback.Connect(receiveBuffer);
        (int upstream, StreamEnd serverEnd) = loopback.Connect(receiveBuffer);
        var pair = reactor.Run(() => new SplicePair(Watched(reactor.Reactor, client), Watched(reactor.Reactor, upstream), Limits, new ByteMeter()));
        return new TrialPair(reactor, splicer, pair, clientEnd, serverEnd);
    }

    /// <summary>Begins to splice.</summary>
    internal TrialPair Splice()
    {
        _result = _reactor.Start(() => _splicer.SpliceAsync(Pair));
        return this;
    }

    /// <summary>Answers and requests until the kernel carries both directions on this path.</summary>
    internal TrialPair Enter(DataPath path, OffloadCounters counters)
    {
        for (int piece = 0; piece < MostPiecesToPromote && !IsOn(path); piece++)
            Exchange(PieceToPromote);
        if (IsOn(path))
            return this;

        string refused = string.Join(
            ", ", Enum.GetValues<OffloadRefused>().Where(reason => counters.Refused(reason) > 0).Select(reason => $"{reason}: {counters.Refused(reason)}"));
        throw new CheckFailedException($"the kernel does not get the streams (refused: {(refused.Length > 0 ? refused : "none")})");
    }

    /// <summary>A request and an answer.</summary>
    internal void Exchange(int size)
    {
        Client.Send(size);
        Server.Receive(size);
        Server.Send(size);
        Client.Receive(size);
    }

    /// <summary>Both sides close in turn, and every byte must have been counted.</summary>
    internal void Finish()
    {
        Client.SendFin();
        Server.ExpectFin();
        FinishServer();
    }

    /// <summary>The client has closed already, and now the server does.</summary>
    internal void FinishServer()
    {
        Server.SendFin();
        Client.ExpectFin();
        SpliceResult result = Result(EndReason.Completed);
        if (result.BytesFromClient != Client.Sent || result.BytesFromUpstream != Server.Sent)
            throw new CheckFailedException($"{result.BytesFromClient} and {result.BytesFromUpstream} bytes were counted, {Client.Sent} and {Server.Sent} were sent");
        long fromClient = Counted(Direction.FromClient), fromUpstream = Counted(Direction.FromUpstream);
        if (fromClient != Client.Sent || fromUpstream != Server.Sent)
            throw new CheckFailedException($"{fromClient} and {fromUpstream} bytes were metered, {Client.Sent} and {Server.Sent} were sent");
    }

    /// <summary>How it ended, which must be for this reason.</summary>
    internal SpliceResult Result(EndReason expected)
    {
        SpliceResult result = _reactor.Wait(_result!);
        return result.Reason == expected
            ? result
            : throw new CheckFailedException($"the connection ended as {result.Reason} ({result.Errno}), not as {expected}");
    }

    private bool IsOn(DataPath path) => Pair.PathFromClient == path && Pair.PathFromUpstream == path;

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        Pair.Abort(EndReason.Aborted);
        if (_result is null)
            _reactor.Run(Close);
        else
            _ = TrialReactor.TryWait(_result);
    }

    private bool Close()
    {
        ((ReactorConnection)Pair.Client).Socket.Reset();
        ((ReactorConnection)Pair.Upstream).Socket.Reset();
        return true;
    }

    private long Counted(Direction direction) => Enum.GetValues<DataPath>().Sum(path => Pair.Terms.Meter.Read(direction, path));

    private static ReactorConnection Watched(Reactor reactor, int fd)
    {
        _ = Syscall.GetPeerName(fd, out SocketAddressBuffer remote);
        var socket = new StreamSocket(reactor, fd, remote.Family);
        int watched = socket.Watch();
        if (watched >= 0)
            return new ReactorConnection(socket, remote.ToEndPoint());

        socket.Close();
        throw new CheckFailedException($"the reactor cannot watch a socket: {(Errno)(-watched)}");
    }
}
