using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Programs;
using Sluice.Redirect.Transports;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Splicing.Programs;

/// <summary>
/// The kernel's test topology over loopback TCP: c1 is connected to p1 and c2 to p2, each a psock of one reactor. The map
/// has all four under the numbers 1 to 4, without programs.
/// </summary>
internal sealed class Topology
{
    public const uint C1 = 1, P1 = 2, C2 = 3, P2 = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<uint, Psock> _psocks = [];
    private readonly Dictionary<uint, StreamSocket> _sockets = [];
    private readonly Dictionary<uint, SocketKey> _keys = [];

    private Topology()
    {
    }

    public SockMap Map { get; } = NewMap();

    public List<Psock> EndedOnes { get; } = [];

    public List<Exception> Unhandled { get; } = [];

    public Psock this[uint name] => _psocks[name];

    public static SockMap NewMap()
    {
        Assert.Equal(Errno.None, SockMap.Create(new MapAttributes(sizeof(uint), 8), out SockMap? map));
        return map!;
    }

    /// <summary>Runs a test on the reactor, where every await resumes, and then checks that no memory is left held.</summary>
    public static async Task RunAsync(Func<Topology, Task> test, PsockOptions? options = null, long bufferMemory = 64 << 20)
    {
        var topology = new Topology();
        await using var factory = new ReactorTransportFactory(
            new ReactorTransportOptions { Reactors = 1, BufferMemory = bufferMemory, UnhandledException = topology.Unhandled.Add });
        Reactor reactor = factory.Reactors[0];
        await reactor.InvokeAsync(async () =>
        {
            await topology.ConnectAsync(factory, C1, P1, options ?? new PsockOptions());
            await topology.ConnectAsync(factory, C2, P2, options ?? new PsockOptions());
            await test(topology).WaitAsync(Patience, TestContext.Current.CancellationToken);
            foreach (Psock psock in topology._psocks.Values)
                psock.Abort();
            return true;
        });
        Assert.Equal(0, reactor.HeldBytes);
        Assert.Empty(topology.Unhandled);
    }

    public StreamSocket Socket(uint name) => _sockets[name];

    public SocketKey Key(uint name) => _keys[name];

    /// <summary>Starts all four; programs are attached before.</summary>
    public void Start()
    {
        foreach (Psock psock in _psocks.Values)
            psock.Start();
    }

    private async Task ConnectAsync(ReactorTransportFactory factory, uint client, uint server, PsockOptions options)
    {
        IConnectionListener listener = (await factory.BindEachAsync(new IPEndPoint(IPAddress.Loopback, 0)))[0];
        ConnectResult connected = await factory.ConnectAsync(listener.EndPoint, Patience);
        ConnectionContext? accepted = await listener.AcceptAsync();
        await listener.UnbindAsync();
        Add(client, connected.Connection!, Direction.FromClient, options);
        Add(server, accepted!, Direction.FromUpstream, options);
    }

    private void Add(uint name, ConnectionContext connection, Direction side, PsockOptions options)
    {
        Assert.True(((IMapSocketFeature)connection).TryGetKey(out SocketKey key));
        StreamSocket socket = ((ReactorConnection)connection).TakeSocket();
        (_sockets[name], _keys[name]) = (socket, key);
        _psocks[name] = new Psock(socket, new MessageContext(MessageDirection.Ingress, AddressFamily.InterNetwork, key) { Side = side }, options) { Ended = EndedOnes.Add };
        Assert.Equal(Errno.None, Map.Update(name, socket));
    }
}
