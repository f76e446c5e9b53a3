using System.Net;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Splicing.Managed;

namespace Sluice.Redirect.Transports;

/// <summary>The daemon's fast transport: epoll reactors and the splicer that works on their sockets. Linux only.</summary>
/// <param name="options">The reactors.</param>
/// <param name="engine">Offers connections to the kernel, and belongs to the transport from now on; null: user space carries all.</param>
/// <param name="offloadFailed">As for <see cref="KernelSplicer"/>.</param>
public sealed class ReactorTransport(
    ReactorTransportOptions options, KernelEngine? engine = null, Action<Errno, string>? offloadFailed = null) : ITransport
{
    private readonly ReactorTransportFactory _factory = new(options);
    private readonly ManagedSplicer _splicer = engine is null
        ? new ManagedSplicer(options.UseSplice)
        : new KernelSplicer(engine, options.Reactors, options.UseSplice, offloadFailed);

    /// <inheritdoc/>
    public ISplicer Splicer => _splicer;

    /// <summary>The reactors, by their index.</summary>
    public IReadOnlyList<Reactor> Reactors => _factory.Reactors;

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
    public ValueTask<Errno> InspectAsync(
        ConnectionContext connection, IPreludeInspector inspector, PreludeLimits limits, IAbortScope? scope = null) =>
        PreludeReader.InspectAsync(((ReactorConnection)connection).Socket, inspector, limits, scope);

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
        (_splicer as IDisposable)?.Dispose();
        engine?.Dispose();
    }
}
