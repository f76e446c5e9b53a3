using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Sluice.Functional.Wire;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;
using Sluice.Redirect.Verdicts;
using Sluice.Redirect;

namespace Sluice.Functional.Proxy;

/// <summary>The smallest proxy there is: accept, dial, splice. Disposing it checks that every descriptor and buffer came back.</summary>
internal sealed class ProxyUnderTest : IAsyncDisposable
{
    public static readonly SpliceLimits NoLimits = new(TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1));

    private readonly int _descriptors = FileDescriptors.Count;
    private readonly SpliceMaps _maps;
    private readonly ITransport _transport;
    private readonly Channel<SplicePair> _pairs = Channel.CreateUnbounded<SplicePair>();
    private readonly Channel<SpliceResult> _results = Channel.CreateUnbounded<SpliceResult>();
    private readonly SpliceLimits _limits;
    private readonly EndPoint _upstream;
    private IReadOnlyList<IConnectionListener> _listeners = [];
    private Task[] _accepting = [];
    private readonly ConcurrentDictionary<SplicePair, SplicePair> _live = new();

    private ProxyUnderTest(EndPoint upstream, SpliceLimits limits, Func<ITransport> transport, SpliceMaps maps)
    {
        _maps = maps;
        _transport = transport();
        _upstream = upstream;
        _limits = limits;
    }

    /// <summary>Where clients connect.</summary>
    public EndPoint EndPoint => _listeners[0].EndPoint;

    /// <summary>All bytes of all connections.</summary>
    public ByteMeter Meter { get; } = new();

    /// <summary>Hears which rules decide, of connections accepted from now on.</summary>
    public IVerdictObserver? Observer { get; init; }

    /// <summary>How fast bytes may come; null: as fast as they do.</summary>
    public Bandwidth? Bandwidth { get; init; }

    /// <summary>Connections being spliced.</summary>
    public int Open => _live.Count;

    /// <summary>Bytes held for slow readers.</summary>
    public long HeldBytes => TransportUnderTest.HeldBytes(_transport);

    public static async Task<ProxyUnderTest> StartAsync(
        EndPoint upstream, EndPoint? listen = null, SpliceLimits? limits = null, Func<ITransport>? transport = null, SpliceMaps? maps = null,
        IVerdictObserver? observer = null, Bandwidth? bandwidth = null)
    {
        var proxy = new ProxyUnderTest(
            upstream, limits ?? NoLimits, transport ?? TransportUnderTest.Create, maps ?? TransportUnderTest.CreateMaps())
        {
            Observer = observer,
            Bandwidth = bandwidth,
        };
        try
        {
            proxy._listeners = await proxy._transport.BindAsync(listen ?? Sockets.AnyV4);
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }

        proxy._accepting = [.. proxy._listeners.Select(listener => proxy._transport.RunAsync(listener, proxy.AcceptAsync))];
        return proxy;
    }

    /// <summary>The next connection that began to be spliced.</summary>
    public Task<SplicePair> NextPairAsync() => _pairs.Reader.ReadAsync(Deadline.Token).AsTask().OrHung("a connection to be spliced");

    /// <summary>The next connection's end.</summary>
    public Task<SpliceResult> NextResultAsync() => _results.Reader.ReadAsync(Deadline.Token).AsTask().OrHung("a connection's end");

    public async ValueTask DisposeAsync()
    {
        foreach (IConnectionListener listener in _listeners)
        {
            await listener.UnbindAsync();
            await listener.DisposeAsync();
        }

        await Task.WhenAll(_accepting).OrHung("the accept loops to end");
        foreach (SplicePair pair in _live.Keys)
            pair.Abort(EndReason.Aborted);
        await Deadline.UntilAsync(() => Open == 0, () => $"{Open} spliced connections to end");
        Assert.Equal(0, HeldBytes);
        Assert.Equal((0, 0), (_maps.Clients.Count, _maps.Upstreams.Count));
        _maps.Dispose();
        await _transport.DisposeAsync();
        await FileDescriptors.UntilBackAtAsync(_descriptors);
    }

    private async Task AcceptAsync(IConnectionListener listener)
    {
        while (await listener.AcceptAsync() is { } client)
            _ = ProxyAsync(client);
    }

    private async Task ProxyAsync(ConnectionContext client)
    {
        ConnectResult dialled = await _transport.ConnectAsync(_upstream, TimeSpan.FromSeconds(30));
        if (!dialled.IsConnected)
        {
            await _transport.ResetAsync(client);
            _results.Writer.TryWrite(new SpliceResult(EndReason.ConnectFailed, 0, 0, null, dialled.Errno));
            return;
        }

        SplicePair pair = Observer is { } observer
            ? new ObservedPair(client, dialled.Connection, _limits, Meter, _maps, observer)
            : new SplicePair(client, dialled.Connection, _limits, Meter, _maps, Bandwidth);
        _live[pair] = pair;
        try
        {
            Assert.Equal(Errno.None, _maps.Insert(pair));
            _pairs.Writer.TryWrite(pair);
            SpliceResult result = await _transport.Splicer.SpliceAsync(pair);
            _live.TryRemove(pair, out _);
            _results.Writer.TryWrite(result);
        }
        catch (Exception defect)
        {
            _results.Writer.TryComplete(defect);
        }
        finally
        {
            _live.TryRemove(pair, out _);
        }
    }

    private sealed class ObservedPair(
        ConnectionContext client, ConnectionContext upstream, SpliceLimits limits, ByteMeter meter, SpliceMaps maps, IVerdictObserver observer)
        : SplicePair(client, upstream, limits, meter, maps)
    {
        public override IVerdictObserver Observer => observer;
    }
}
