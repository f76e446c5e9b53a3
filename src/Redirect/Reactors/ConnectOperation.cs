using System.Net;
using System.Threading.Tasks.Sources;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Transports;

namespace Sluice.Redirect.Reactors;

/// <summary>A connect under way on a reactor, with its time limit. Completes once, on the reactor's thread.</summary>
internal sealed class ConnectOperation : ReactorTimer, IValueTaskSource<ConnectResult>, ISendHandler, IReceiveHandler, IAbortable
{
    private readonly StreamSocket _socket;
    private readonly EndPoint _endPoint;
    private ReactorCompletion _completion;
    private ConnectResult _result;

    private ConnectOperation(StreamSocket socket, EndPoint endPoint) => (_socket, _endPoint) = (socket, endPoint);

    /// <summary>Dials without blocking. Only on the reactor's thread.</summary>
    internal static ValueTask<ConnectResult> StartAsync(Reactor reactor, EndPoint endPoint, TimeSpan timeout, IAbortScope? scope = null, IPEndPoint? source = null)
    {
        SocketAddressBuffer address = SocketAddressBuffer.From(endPoint);
        int fd = Syscall.Socket(address.Family);
        if (fd < 0)
            return Failure(fd);

        if (address.Family != AddressFamily.Unix)
        {
            _ = Syscall.SetOption(fd, SocketOption.NoDelay, 1);
            _ = Syscall.SetOption(fd, SocketOption.OutOfBandInline, 1); // the first urgent byte may be lost before it is announced
        }

        if (source is not null && BindTo(source, fd, address.Family) is < 0 and var unbound)
        {
            Syscall.Close(fd);
            return ValueTask.FromResult(new ConnectResult(null, (Errno)(-unbound)) { IsSourceRefused = true });
        }

        int connected = Syscall.Connect(fd, address);
        if (connected < 0 && connected != -(int)Errno.EINPROGRESS)
        {
            Syscall.Close(fd);
            // A unix socket whose backlog is full says EAGAIN: there is nothing to wait for.
            return Failure(connected == -(int)Errno.EAGAIN ? -(int)Errno.ECONNREFUSED : connected);
        }

        var socket = new StreamSocket(reactor, fd, address.Family, connecting: connected < 0);
        if (socket.Watch() is < 0 and var refused)
        {
            socket.Close();
            return Failure(refused);
        }

        return connected == 0
            ? ValueTask.FromResult(new ConnectResult(new ReactorConnection(socket, endPoint), Errno.None))
            : new ConnectOperation(socket, endPoint).WaitAsync(timeout, scope);
    }

    void IAbortable.Abort(EndReason reason) =>
        _socket.Reactor.Post(static operation => ((ConnectOperation)operation!).Complete(Errno.ECANCELED), this);

    void ISendHandler.OnSendReady() => Complete(_socket.HasFailed ? _socket.TakeSocketError() : Errno.None);

    // A failed connect is announced as readable and as an error as well; the sender's event follows at once.
    void IReceiveHandler.OnReceiveReady()
    {
    }

    void IReceiveHandler.OnFault(Exception exception) => Complete(Errno.ECONNABORTED);

    internal override void OnTimer() => Complete(Errno.ETIMEDOUT);

    private static int BindTo(IPEndPoint source, int fd, AddressFamily family)
    {
        SocketAddressBuffer address = SocketAddressBuffer.From(source);
        if (address.Family != family)
            return -(int)Errno.EAFNOSUPPORT;
        if (Syscall.AllowForeignAddresses(fd, family) is < 0 and var refused)
            return refused;

        // Without the first, a port would be taken that no other destination could have; the second lets the client's own port be
        // shared by connections to several destinations.
        _ = Syscall.SetOption(fd, source.Port == 0 ? SocketOption.BindAddressNoPort : SocketOption.ReuseAddress, 1);
        return Syscall.Bind(fd, address);
    }

    private static ValueTask<ConnectResult> Failure(int result) => ValueTask.FromResult(new ConnectResult(null, (Errno)(-result)));

    private ValueTask<ConnectResult> WaitAsync(TimeSpan timeout, IAbortScope? scope)
    {
        _socket.Sender = this;
        _socket.Receiver = this;
        _socket.Reactor.Timers.Set(this, _socket.Reactor.Now + Math.Max(1, (long)timeout.TotalMilliseconds));
        scope?.Enter(this);
        return new ValueTask<ConnectResult>(this, token: 0);
    }

    private void Complete(Errno errno)
    {
        if (_completion.IsCompleted)
            return;

        _socket.Reactor.Timers.Cancel(this);
        _socket.Sender = null;
        _socket.Receiver = null;
        if (errno != Errno.None)
            _socket.Close();
        _result = errno == Errno.None
            ? new ConnectResult(new ReactorConnection(_socket, _endPoint), Errno.None)
            : new ConnectResult(null, errno);
        _completion.Complete(_socket.Reactor);
    }

    ConnectResult IValueTaskSource<ConnectResult>.GetResult(short token) => _result;

    ValueTaskSourceStatus IValueTaskSource<ConnectResult>.GetStatus(short token) =>
        _completion.IsCompleted ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    void IValueTaskSource<ConnectResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(_socket.Reactor, continuation, state);
}
