using System.Net;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Redirect.Transports;

/// <summary>The daemon's fast transport: epoll reactors and the splicer that works on their sockets. Linux only.</summary>
public sealed class ReactorTransport : ITransport
{
    private readonly ReactorTransportFactory _factory;
    private readonly KernelSplicer _splicer;
    private readonly BypassOfferer _bypasses;

    /// <summary>Starts the reactors.</summary>
    /// <param name="options">The reactors.</param>
    /// <param name="engine">Where connections are offered to the kernel; null: user space carries all until <see cref="Offload"/>.</param>
    /// <param name="offloadFailed">As for <see cref="KernelSplicer"/>.</param>
    /// <param name="bypass">Where connections are offered to the bypass; null: to none until <see cref="Bypass"/>.</param>
    public ReactorTransport(
        ReactorTransportOptions options, KernelEngine? engine = null, Action<Errno, string>? offloadFailed = null, BypassEngine? bypass = null)
    {
        _factory = new ReactorTransportFactory(options);
        _bypasses = new BypassOfferer(bypass, options.Reactors, offloadFailed);
        _splicer = new KernelSplicer(engine, options.Reactors, options.UseSplice, offloadFailed, _bypasses);
    }

    /// <inheritdoc/>
    public ISplicer Splicer => _splicer;

    /// <summary>The reactors, by their index.</summary>
    public IReadOnlyList<Reactor> Reactors => _factory.Reactors;

    /// <summary>From now on new connections are offered to the kernel. Once, and only without an engine from the start. Safe from any thread.</summary>
    public void Offload(KernelEngine engine) => _splicer.Use(engine);

    /// <summary>The same for the bypass.</summary>
    public void Bypass(BypassEngine engine) => _bypasses.Use(engine);

    /// <summary>What offers connections to the bypass.</summary>
    internal BypassOfferer Bypasses => _bypasses;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IConnectionListener>> BindAsync(EndPoint endPoint, CancellationToken cancellationToken = default) =>
        _factory.BindEachAsync(endPoint);

    /// <inheritdoc/>
    public Task RunAsync(IConnectionListener listener, Func<IConnectionListener, Task> accept) =>
        ReactorTransportFactory.ReactorOf(listener).InvokeAsync(async () =>
        {
            await accept(listener);
            return true;
        });

    /// <inheritdoc/>
    public ValueTask<ConnectResult> ConnectAsync(EndPoint endPoint, TimeSpan timeout, IAbortScope? scope = null) =>
        _factory.ConnectAsync(endPoint, timeout, scope);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IConnectionListener>> BindTransparentAsync(EndPoint endPoint) => _factory.BindEachAsync(endPoint, isTransparent: true);

    /// <inheritdoc/>
    public Errno SetTransparent(IConnectionListener listener, bool isTransparent) => ((ListenSocket)listener).SetTransparent(isTransparent);

    /// <inheritdoc/>
    public ValueTask<ConnectResult> ConnectFromAsync(IPEndPoint source, EndPoint endPoint, TimeSpan timeout, IAbortScope? scope = null) =>
        _factory.ConnectAsync(endPoint, timeout, scope, source);

    /// <inheritdoc/>
    public IPEndPoint? OriginalDestinationOf(ConnectionContext connection) => ((ReactorConnection)connection).Socket.OriginalDestination();

    /// <inheritdoc/>
    public ValueTask<Errno> InspectAsync(
        ConnectionContext connection, IPreludeInspector inspector, PreludeLimits limits, IAbortScope? scope = null) =>
        PreludeReader.InspectAsync(((ReactorConnection)connection).Socket, inspector, limits, scope);

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(SpliceMaps maps)
    {
        foreach (Reactor reactor in Reactors)
        {
            await reactor.InvokeAsync(() =>
            {
                _splicer.Forget(reactor, maps);
                _bypasses.Forget(reactor, maps);
                return Task.FromResult(true);
            });
        }

        _splicer.Forget(maps);
        _bypasses.Forget(maps);
        maps.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask<Errno> DiscardAsync(ConnectionContext connection, int count) =>
        ValueTask.FromResult(FirstBytes.Discard(((ReactorConnection)connection).Socket, count));

    /// <inheritdoc/>
    public ValueTask<Errno> SendFirstAsync(ConnectionContext connection, ReadOnlyMemory<byte> bytes) =>
        ValueTask.FromResult(FirstBytes.Send(((ReactorConnection)connection).Socket, bytes.Span));

    /// <inheritdoc/>
    public TcpFacts? FactsOf(ConnectionContext connection) => ((ReactorConnection)connection).Socket.ReadFacts();

    /// <inheritdoc/>
    public ValueTask ResetAsync(ConnectionContext connection)
    {
        connection.Abort(new ConnectionAbortedException());
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        _splicer.Dispose();
        _bypasses.Dispose();
    }
}
