using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;
using Sluice.Redirect.Verdicts;
using Sluice.SockMapConformance.Wire;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>Four sockets, the maps they lie in and the programs that judge them, all of them the kernel's.</summary>
internal sealed class KernelTestbed : ITestbed, IDisposable
{
    private const uint MaxEntries = 8;

    private readonly Dictionary<End, KernelSocket> _sockets = [];
    private readonly List<KernelMap<uint>> _maps = [];
    private readonly List<IDisposable> _owned = [];
    private readonly Dictionary<End, ParserSpec?> _judged = [];

    public KernelTestbed(int queueBytes)
    {
        Numbers = NewSockMap();
        Assert.Equal(Errno.None, KernelSockHash.Create("tuples", new MapAttributes(SocketKey.Size, MaxEntries), out KernelSockHash? hash));
        Tuples = Own(hash!);
        Ledger = Own(new Ledger());

        // Both listen until both are connected, so that no port is given twice.
        using System.Net.Sockets.Socket first = Tcp.Listen();
        using System.Net.Sockets.Socket second = Tcp.Listen();
        Add(Tcp.Dial(first), first.Accept(), End.C1, End.P1, queueBytes);
        Add(Tcp.Dial(second), second.Accept(), End.C2, End.P2, queueBytes);
    }

    /// <summary>All four sockets, without programs.</summary>
    public KernelSockMap Numbers { get; }

    /// <summary>The one that redirects by 4-tuple ask.</summary>
    public KernelSockHash Tuples { get; }

    /// <summary>What programs have counted.</summary>
    public Ledger Ledger { get; }

    public IReadOnlyDictionary<End, KernelSocket> Sockets => _sockets;

    public ISocketUnderTest this[End end] => _sockets[end];

    public IProgramMap NewMap() => new KernelProgramMap(this, NewSockMap());

    public void Register(End end, End keyOf) =>
        Assert.Equal(Errno.None, Tuples.Update(_sockets[keyOf].Key, (ulong)_sockets[end].Fd));

    /// <summary>What arrived before its socket was inserted lies there until something looks at the socket.</summary>
    public void Start(params ReadOnlySpan<End> ends)
    {
        foreach (End end in ends.IsEmpty ? Enum.GetValues<End>() : ends)
            _sockets[end].Peek(new byte[1]);
    }

    /// <summary>From now on what arrives at a socket may be judged, in messages if there is a parser.</summary>
    public void Judge(End end, ParserSpec? parser) => _judged[end] = parser ?? _judged.GetValueOrDefault(end);

    public void JudgeNoMore(End end) => _judged.Remove(end);

    /// <summary>Waits until every whole message that has arrived at a socket is judged, if it is judged at all.</summary>
    public void AwaitJudged(End end)
    {
        if (!_judged.TryGetValue(end, out ParserSpec? parser) || Ledger.Of(end, sent: false).All == 0)
            return;

        long received = _sockets[end].ReceivedByTcp;
        long whole = parser is { Length: > 0 } ? received - (received % parser.Length) : received;
        Await(() => Ledger.Of(end, sent: false).All >= whole, $"{end} has received {whole} bytes, of which {Ledger.Of(end, sent: false).All} are judged");
    }

    /// <summary>Waits until what was judged is where it goes: a redirect is carried out later, by a worker of the kernel.</summary>
    public void AwaitDelivered()
    {
        PassLocks();
        long sentOut = Ledger.Sum(Fate.SentOut, sent: false);
        if (sentOut > 0)
            Await(() => _sockets.Values.Sum(s => s.TakenByTcp) >= sentOut + _sockets.Values.Sum(s => s.Application.Sent), "Redirected bytes are not sent");

        long queued = Ledger.Sum(Fate.Queued, sent: false);
        Await(() => _sockets.Values.Sum(s => s.Application.Received) >= queued, "Redirected bytes are not received");
    }

    /// <summary>A verdict runs under its socket's lock: who has held that lock comes after it.</summary>
    public void PassLocks()
    {
        foreach (KernelSocket socket in _sockets.Values)
            _ = socket.TakenByTcp;
    }

    /// <summary>Disposed after the sockets.</summary>
    public T Own<T>(T owned) where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Closes the sockets, which takes them out of every map.</summary>
    public void Close()
    {
        foreach (KernelSocket socket in _sockets.Values)
            socket.Dispose();
        Assert.Equal(Errno.ENOENT, Tuples.GetFirstKey(out _));
        Assert.All(_maps, map => Assert.All(Enumerable.Range(0, (int)MaxEntries), key => Assert.Equal(Errno.ENOENT, map.Lookup((uint)key, out _))));
    }

    public void Dispose()
    {
        foreach (KernelSocket socket in _sockets.Values)
            socket.Dispose();
        _owned.Reverse();
        _owned.ForEach(owned => owned.Dispose());
    }

    private static void Await(Func<bool> condition, string otherwise) =>
        Assert.True(SpinWait.SpinUntil(condition, KernelSocket.Patience), otherwise);

    private KernelSockMap NewSockMap()
    {
        Assert.Equal(Errno.None, KernelSockMap.Create("numbers", new MapAttributes(sizeof(uint), MaxEntries), out KernelSockMap? map));
        _maps.Add(map!);
        return Own(map!);
    }

    private void Add(System.Net.Sockets.Socket dialled, System.Net.Sockets.Socket accepted, End client, End server, int queueBytes)
    {
        foreach ((End end, System.Net.Sockets.Socket socket) in new[] { (client, dialled), (server, accepted) })
        {
            _sockets[end] = new KernelSocket(this, end, socket, queueBytes);
            Ledger.Know(end, _sockets[end].Key);
            Assert.Equal(Errno.None, Numbers.Update((uint)end, (ulong)_sockets[end].Fd));
        }
    }
}
