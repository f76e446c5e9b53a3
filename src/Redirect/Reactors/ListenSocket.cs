using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Transports;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// A listening socket on one reactor, as a Kestrel listener whose <see cref="AcceptAsync"/> is called on that reactor. The
/// queue of waiting connections is the kernel's. When descriptors or memory run out it pauses, tells once, and tries again;
/// connections that exist go on.
/// </summary>
internal sealed class ListenSocket : EpollRegistration, IConnectionListener, IHandOver
{
    /// <summary>How long accepting pauses when descriptors or memory have run out, in milliseconds.</summary>
    internal const int PauseMilliseconds = 100;

    // After so many connections in a row the reactor's other work gets its turn.
    private const int AcceptsPerTurn = 32;

    private readonly Action<EndPoint, Errno>? _acceptFailed;
    private volatile EndPoint? _concreteEndPoint;
    private readonly ReactorSignal _acceptReady = new();
    private readonly Pause _pause;
    private int _fd;
    private int _acceptsInTurn;
    private bool _isAccepting;

    // As many as a queue may hold: those who come later keep no unbind from its end.
    private int _leftWhileUnbinding = 4096;
    private TaskCompletionSource<bool>? _unbinding;

    /// <summary>Takes over a descriptor that is bound and listening. <see cref="Watch"/> begins, on the reactor's thread.</summary>
    internal ListenSocket(Reactor reactor, int fd, EndPoint endPoint, Action<EndPoint, Errno>? acceptFailed, bool isTransparent = false)
    {
        (Reactor, _fd, EndPoint, _acceptFailed) = (reactor, fd, endPoint, acceptFailed);
        _pause = new Pause(_acceptReady);
        bool isWildcard = endPoint is IPEndPoint ip && (ip.Address.Equals(IPAddress.Any) || ip.Address.Equals(IPAddress.IPv6Any));
        _concreteEndPoint = isWildcard || isTransparent ? null : endPoint;
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    /// <summary>The file of a unix socket is not its own to remove: another process has the socket, or had it before.</summary>
    internal bool KeepsFile { get; set; }

    internal Reactor Reactor { get; }

    private bool IsPaused => _pause.IsSet;

    /// <summary>Takes connections to addresses that are not this host's, or no longer. Safe from any thread while it is open.</summary>
    internal Errno SetTransparent(bool isTransparent)
    {
        // For good: who came while it did may still wait.
        _concreteEndPoint = null;
        return Syscall.AllowForeignAddresses(_fd, SocketAddressBuffer.From(EndPoint).Family, isTransparent) is < 0 and var refused ? (Errno)(-refused) : Errno.None;
    }

    internal int Watch() => Reactor.Watch(this, _fd, EpollEvents.In | EpollEvents.EdgeTriggered);

    /// <summary>The next connection, or null once unbound. On the reactor's thread, one call at a time.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (++_acceptsInTurn > AcceptsPerTurn)
        {
            _acceptsInTurn = 0;
            await Task.Yield();
        }

        _isAccepting = true;
        while (_fd >= 0)
        {
            bool mayAccept = !IsPaused && (_unbinding is null || _leftWhileUnbinding-- > 0);
            if (mayAccept && Accept() is { } connection)
            {
                _isAccepting = false;
                return connection;
            }

            if (_unbinding is not null)
                Close();
            else
                await _acceptReady.WaitAsync();
            _acceptsInTurn = 0;
        }

        return null;
    }

    /// <summary>
    /// Stops listening; the address is free when this completes. To their clients, connections in the kernel's queue are made
    /// already: an <see cref="AcceptAsync"/> that is under way still gives them before it gives null. Safe from any thread.
    /// </summary>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (Reactor.Current == Reactor)
                await CloseWhenEmptyAsync();
            else
                await Reactor.InvokeAsync(CloseWhenEmptyAsync);
        }
        catch (ObjectDisposedException)
        {
            // The reactor has ended, and with it whatever it watched. What it never watched has no other owner than this.
            Close();
        }
    }

    /// <inheritdoc/>
    public int Descriptor => _fd;

    /// <inheritdoc/>
    public async ValueTask HandOverAsync() => await Reactor.InvokeAsync(() =>
    {
        // Closing does not end the watch where another process has the socket as well.
        if (_fd >= 0)
            Reactor.Unwatch(_fd);
        KeepsFile = true;
        Close();
        return Task.FromResult(true);
    });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => UnbindAsync();

    internal override void OnReady(EpollEvents events) => _acceptReady.Set();

    internal override void OnFault(Exception exception) => Close();

    private Task<bool> CloseWhenEmptyAsync()
    {
        if (_isAccepting && _fd >= 0)
        {
            _unbinding ??= new TaskCompletionSource<bool>();
            _acceptReady.Set();
            return _unbinding.Task;
        }

        Close();
        return Task.FromResult(true);
    }

    private AcceptedConnection? Accept()
    {
        int fd = Syscall.Accept(_fd, out SocketAddressBuffer address);
        if (fd < 0)
        {
            Refused((Errno)(-fd));
            return null;
        }

        var socket = new StreamSocket(Reactor, fd, address.Family);
        if (socket.Watch() is < 0 and var result)
        {
            socket.Reset();
            Refused((Errno)(-result));
            return null;
        }

        return AcceptedConnection.Create(socket, address, _concreteEndPoint);
    }

    private void Refused(Errno errno)
    {
        switch (errno)
        {
            case Errno.EAGAIN:
                break;
            case Errno.ECONNABORTED or Errno.EPROTO:
                // Errors of the connection that was to be accepted (accept(2)): that one is gone, the next may be there.
                _acceptFailed?.Invoke(EndPoint, errno);
                _acceptReady.Set();
                break;
            default:
                // Trying at once again would find the same: no descriptor, no memory, or a policy that forbids it (EPERM).
                _acceptFailed?.Invoke(EndPoint, errno);
                Reactor.Timers.Set(_pause, Reactor.Now + PauseMilliseconds);
                break;
        }
    }

    private void Close()
    {
        if (_fd < 0)
            return;

        Reactor.Timers.Cancel(_pause);
        if (Slot >= 0)
            Reactor.Forget(this);
        Syscall.Close(_fd);
        _fd = -1;
        _acceptReady.Set();
        _unbinding?.TrySetResult(true);
        if (!KeepsFile && Reactor.Index == 0 && UnixSocketFile.PathOf(EndPoint) is { } path)
            Delete(path);
    }

    // The file is left where its directory is gone already or must not be written to. That harms nobody: the next bind
    // sees that it is stale.
    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    private sealed class Pause(ReactorSignal over) : ReactorTimer
    {
        internal override void OnTimer() => over.Set();
    }
}
