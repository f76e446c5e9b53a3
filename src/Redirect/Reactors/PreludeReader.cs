using System.Threading.Tasks.Sources;
using Sluice.Redirect.Transports;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// Shows the first bytes of a connection to an inspector while they stay in the socket (MSG_PEEK): nothing is consumed and no
/// memory is held, however slowly they come. Completes once, on the reactor's thread.
/// </summary>
internal sealed class PreludeReader : ReactorTimer, IValueTaskSource<Errno>, IReceiveHandler, IAbortable
{
    private readonly StreamSocket _socket;
    private readonly IPreludeInspector _inspector;
    private readonly int _maxBytes;
    private ReactorCompletion _completion;
    private Errno _errno;

    private PreludeReader(StreamSocket socket, IPreludeInspector inspector, int maxBytes) =>
        (_socket, _inspector, _maxBytes) = (socket, inspector, maxBytes);

    /// <summary>
    /// Completes with None when the inspector has seen enough or all there will be; otherwise with the socket's errno, or
    /// ECANCELED after an abort. Only on the reactor's thread, and before anything else receives from the socket.
    /// </summary>
    internal static ValueTask<Errno> InspectAsync(
        StreamSocket socket, IPreludeInspector inspector, PreludeLimits limits, IAbortScope? scope)
    {
        var reader = new PreludeReader(socket, inspector, limits.MaxBytes);
        socket.ExpectReadable();
        if (reader.Look(isLast: false) is { } done)
        {
            socket.ExpectReadable(); // all that was seen is still to be received, an end of the stream as well
            return ValueTask.FromResult(done);
        }

        socket.Receiver = reader;
        socket.Reactor.Timers.Set(reader, socket.Reactor.Now + Math.Max(1, (long)limits.Timeout.TotalMilliseconds));
        scope?.Enter(reader);
        return new ValueTask<Errno>(reader, token: 0);
    }

    void IReceiveHandler.OnReceiveReady()
    {
        if (Look(isLast: false) is { } done)
            Complete(done);
    }

    void IReceiveHandler.OnFault(Exception exception) => Fault(exception);

    void IAbortable.Abort(EndReason reason) =>
        _socket.Reactor.Post(static reader => ((PreludeReader)reader!).Complete(Errno.ECANCELED), this);

    internal override void OnTimer()
    {
        try
        {
            Complete(Look(isLast: true) ?? Errno.None);
        }
        catch (Exception exception)
        {
            Fault(exception); // no event of the socket brings it there
        }
    }

    // Null: more is to come.
    private Errno? Look(bool isLast)
    {
        Span<byte> buffer = _socket.Reactor.ReadBuffer.AsSpan(0, _maxBytes);
        nint seen = _socket.Peek(buffer);
        if (seen < 0 && seen != StreamSocket.EndOfStream)
            return (Errno)(int)(-seen);

        int length = seen > 0 ? (int)seen : 0;
        // A client that has reset took back what it had sent: only where that had decided already it goes on.
        if (_socket.HasFailed)
            return _inspector.Inspect(buffer[..length], isFinal: false) ? Errno.None : Failure();

        bool isFinal = isLast || length == _maxBytes || seen == StreamSocket.EndOfStream || _socket.HasEnded;
        if (length == 0 && !isFinal)
            return null;
        return _inspector.Inspect(buffer[..length], isFinal) || isFinal ? Errno.None : null;
    }

    private void Fault(Exception exception)
    {
        if (exception is not OperationCanceledException)
            _socket.Reactor.Report(exception);
        Complete(Errno.ECONNABORTED);
    }

    private Errno Failure() => _socket.TakeSocketError() is not Errno.None and var errno ? errno : Errno.ECONNRESET;

    private void Complete(Errno errno)
    {
        if (_completion.IsCompleted)
            return;

        _socket.Reactor.Timers.Cancel(this);
        _socket.Receiver = null;
        _socket.ExpectReadable();
        _errno = errno;
        _completion.Complete(_socket.Reactor);
    }

    Errno IValueTaskSource<Errno>.GetResult(short token) => _errno;

    ValueTaskSourceStatus IValueTaskSource<Errno>.GetStatus(short token) =>
        _completion.IsCompleted ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    void IValueTaskSource<Errno>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(_socket.Reactor, continuation, state);
}
