using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.Functional.Clusters;

/// <summary>
/// A proxy for one client whose messages go to servers by their key: server 0 is the connection's own upstream. Disposing it
/// checks that every descriptor, buffer, map entry and lease came back.
/// </summary>
internal sealed class ClusterProxy : IAsyncDisposable
{
    private readonly int _descriptors = FileDescriptors.Count;
    private readonly ConcurrentQueue<Exception> _unhandled = new();
    private readonly ReactorTransport _transport;
    private readonly SpliceMaps _maps;
    private readonly Channel<SpliceResult> _results = Channel.CreateUnbounded<SpliceResult>();
    private readonly Dictionary<uint, EndPoint> _addresses = [];
    private readonly List<Server> _servers = [];
    private IReadOnlyList<IConnectionListener> _listeners = [];
    private Task _accepting = Task.CompletedTask;
    private int _dials;
    private int _open;

    private ClusterProxy(int clusters)
    {
        _transport = new ReactorTransport(new ReactorTransportOptions { Reactors = 1, UnhandledException = _unhandled.Enqueue });
        var keyed = new KeyedMessages();
        _maps = new SpliceMaps(4, new StreamProgram(keyed, keyed, KeyedMessages.MaxMessage), clusters: clusters);
    }

    public ITransport Transport => _transport;

    /// <summary>The one thread that everything of the proxy runs on.</summary>
    public Reactor Reactor => _transport.Reactors[0];

    /// <summary>Completes when the reactor has handled what it had been told of before.</summary>
    public Task HandledAsync() => Reactor.InvokeAsync(() => Task.FromResult(true));

    public int Dials => Volatile.Read(ref _dials);

    public int OpenClusters => Volatile.Read(ref _open);

    public long HeldBytes => _transport.Reactors.Sum(reactor => reactor.HeldBytes);

    public Socket Client { get; private set; } = null!;

    /// <summary>The server's side of the connection's own upstream.</summary>
    public Socket Upstream { get; private set; } = null!;

    public RoutedPair? Pair { get; private set; }

    public static async Task<ClusterProxy> StartAsync(int servers, int clusters = 9)
    {
        var proxy = new ClusterProxy(clusters);
        for (uint i = 0; i < servers; i++)
        {
            var server = new Server();
            proxy._servers.Add(server);
            proxy._addresses[i] = server.EndPoint;
        }

        proxy._listeners = await proxy._transport.BindAsync(Sockets.AnyV4);
        proxy._accepting = proxy._transport.RunAsync(proxy._listeners[0], proxy.AcceptAsync);
        proxy.Client = await Sockets.DialAsync(proxy._listeners[0].EndPoint);
        proxy.Upstream = await proxy.AcceptAsync(0);
        return proxy;
    }

    /// <summary>The server's side of the next connection to a cluster.</summary>
    public Task<Socket> AcceptAsync(uint cluster) => _servers[(int)cluster].AcceptAsync();

    /// <summary>The client sends ten bytes to cluster 1 and FIN, of which all servers have heard then. Cluster 1's side.</summary>
    public async Task<Socket> FinToAllAsync()
    {
        await Client.SendAllAsync(KeyedMessages.Create(1, 10));
        Client.SendFin();
        Socket server = await AcceptAsync(1);
        await server.AssertEndsAsync(KeyedMessages.Create(1, 10), Ending.Fin);
        await Upstream.AssertEndsAsync(default, Ending.Fin);
        return server;
    }

    /// <summary>Nobody listens there any more.</summary>
    public void Stop(uint cluster) => _servers[(int)cluster].Dispose();

    public EndPoint AddressOf(uint cluster) => _addresses[cluster];

    /// <summary>A cluster whose address never answers a connect: its backlog is full.</summary>
    public void Replace(uint cluster, EndPoint address) => _addresses[cluster] = address;

    public Task<SpliceResult> ResultAsync() => _results.Reader.ReadAsync(Deadline.Token).AsTask().OrHung("the connection's end");

    public void CountDial() => Interlocked.Increment(ref _dials);

    public void Open(int change) => Interlocked.Add(ref _open, change);

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        Upstream?.Dispose();
        Pair?.Abort(EndReason.Aborted);
        foreach (IConnectionListener listener in _listeners)
            await listener.DisposeAsync();
        await _accepting.OrHung("the accept loop to end");
        _servers.ForEach(server => server.Dispose());
        await Deadline.UntilAsync(
            () => OpenClusters == 0 && _maps.Clients.Count == 0 && _maps.Upstreams.Count == 0,
            () => $"{OpenClusters} leases and {_maps.Clients.Count} + {_maps.Upstreams.Count} map entries to go");
        Assert.Equal(0, HeldBytes);
        Assert.Empty(_unhandled);
        _maps.Dispose();
        await _transport.DisposeAsync();
        await FileDescriptors.UntilBackAtAsync(_descriptors);
    }

    private async Task AcceptAsync(IConnectionListener listener)
    {
        while (await listener.AcceptAsync() is { } client)
            _ = SpliceAsync(client);
    }

    private async Task SpliceAsync(ConnectionContext client)
    {
        try
        {
            ConnectResult upstream = await _transport.ConnectAsync(_addresses[0], TimeSpan.FromSeconds(30));
            Pair = new RoutedPair(client, upstream.Connection!, new ByteMeter(), _maps, this);
            Assert.Equal(Errno.None, _maps.Insert(Pair));
            _results.Writer.TryWrite(await _transport.Splicer.SpliceAsync(Pair));
        }
        catch (Exception defect)
        {
            _results.Writer.TryComplete(defect);
        }
    }
}
