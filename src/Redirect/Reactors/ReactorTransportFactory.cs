using System.Net;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Transports;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// A Kestrel transport on epoll reactors, for listeners and for dialling. A connection lives on one reactor; dialled on a
/// reactor it stays there, dialled elsewhere it goes to each reactor in turn. Linux only. Thread-safe.
/// </summary>
public sealed class ReactorTransportFactory : IConnectionListenerFactory, IConnectionFactory, IAsyncDisposable
{
    private readonly Reactor[] _reactors;
    private readonly ReactorTransportOptions _options;
    private int _next;

    /// <summary>Starts the reactors.</summary>
    public ReactorTransportFactory(ReactorTransportOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Reactors, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Reactors, 256);
        _options = options;
        _reactors = new Reactor[options.Reactors];
        for (int i = 0; i < _reactors.Length; i++)
        {
            _reactors[i] = new Reactor(i, options.BufferMemory / _reactors.Length);
            if (options.UnhandledException is { } handler)
                _reactors[i].UnhandledException += handler;
        }
    }

    /// <summary>The reactors, by their index.</summary>
    public IReadOnlyList<Reactor> Reactors => _reactors;

    /// <summary>
    /// Listens on every reactor. One listener gives the connections of all of them, as Kestrel wants it; whoever can accept
    /// on the reactors uses <see cref="BindEachAsync"/>, which spares the hand-over between threads. Throws <see cref="BindException"/>.
    /// </summary>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new MergedListener(await BindEachAsync(endpoint));

    /// <summary>
    /// Listens on every reactor and gives a listener for each queue, at least one on each reactor and to be used there. For IP endpoints the kernel
    /// spreads connections over them (SO_REUSEPORT); a unix socket is shared. A transparent one takes connections to addresses that are not this host's. Throws <see cref="BindException"/>.
    /// </summary>
    public async ValueTask<IReadOnlyList<IConnectionListener>> BindEachAsync(EndPoint endpoint, bool isTransparent = false)
    {
        int[]? inherited = _options.Inherited?.Take(endpoint);
        (int[] fds, EndPoint actual) = inherited is null
            ? Binder.Bind(endpoint, _reactors.Length, _options.Backlog, isTransparent)
            : (Binder.Adopt(inherited, endpoint, _reactors.Length), endpoint);
        if (isTransparent && inherited is not null)
            Binder.MakeTransparent(fds, endpoint);
        ListenSocket[] listeners =
        [
            .. fds.Select((fd, i) => new ListenSocket(_reactors[i % _reactors.Length], fd, actual, _options.AcceptFailed, isTransparent) { KeepsFile = inherited is not null }),
        ];
        foreach (ListenSocket listener in listeners)
        {
            int watched = await listener.Reactor.InvokeAsync(() => Task.FromResult(listener.Watch()));
            if (watched >= 0)
                continue;

            foreach (ListenSocket opened in listeners)
                await opened.UnbindAsync();
            throw BindException.For(endpoint, (Errno)(-watched));
        }

        return listeners;
    }

    /// <summary>The reactor that a listener of <see cref="BindEachAsync"/> accepts on.</summary>
    public static Reactor ReactorOf(IConnectionListener listener) => ((ListenSocket)listener).Reactor;

    /// <summary>
    /// Dials. A failure, an expired <paramref name="timeout"/> (ETIMEDOUT), want of descriptors (EMFILE) and an abort through
    /// <paramref name="scope"/> (ECANCELED) are values. With a <paramref name="source"/> the connection comes from that address.
    /// </summary>
    public ValueTask<ConnectResult> ConnectAsync(EndPoint endpoint, TimeSpan timeout, IAbortScope? scope = null, IPEndPoint? source = null) =>
        Reactor.Current is { } current && Array.IndexOf(_reactors, current) >= 0
            ? ConnectOperation.StartAsync(current, endpoint, timeout, scope, source)
            : ConnectFromOutsideAsync(endpoint, timeout, scope, source);

    async ValueTask<ConnectionContext> IConnectionFactory.ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        Task<ConnectResult> connecting = ConnectAsync(endpoint, TimeSpan.FromMinutes(2)).AsTask();
        try
        {
            ConnectResult result = await connecting.WaitAsync(cancellationToken);
            return result.Connection ?? throw new System.Net.Sockets.SocketException((int)result.Errno);
        }
        catch (OperationCanceledException)
        {
            _ = DropAsync(connecting);
            throw;
        }
    }

    // Nobody waits for this connection any more.
    private static async Task DropAsync(Task<ConnectResult> connecting)
    {
        if ((await connecting).Connection is { } connection)
            await connection.DisposeAsync();
    }

    private async ValueTask<ConnectResult> ConnectFromOutsideAsync(EndPoint endpoint, TimeSpan timeout, IAbortScope? scope, IPEndPoint? source)
    {
        Reactor reactor = _reactors[(uint)Interlocked.Increment(ref _next) % (uint)_reactors.Length];
        return await reactor.InvokeAsync(() => ConnectOperation.StartAsync(reactor, endpoint, timeout, scope, source).AsTask());
    }

    /// <summary>Stops the reactors; what is still open on them is reset.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_reactors.Select(r => r.StopAsync()));
}
