using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>
/// A connection's socket to a further cluster, from the first redirect to it: while it is being dialled it gathers what is
/// to be sent, in bounded memory. When its server closes it, it is closed here too, and the next redirect dials anew.
/// </summary>
internal sealed class ClusterSocket(ProgramSplice splice, IClusterDialer dialer, uint cluster)
    : IRedirectSink, IAbortScope, IReactorTask
{
    private readonly ByteQueue _queue = new(splice.Buffers, splice.Options.QueueBytes);
    private readonly SendGate _gate = new(splice.Client.Reactor);
    private IAbortable? _dialling;
    private StreamSocket? _socket;
    private IDisposable? _lease;
    private bool _isOver;

    /// <summary>Null while it is being dialled.</summary>
    internal Psock? Psock { get; private set; }

    internal uint Cluster => cluster;

    /// <summary>False once its server has closed it.</summary>
    internal bool IsUsable => !_isOver && Psock is null or { IsClosing: false };

    /// <summary>This one, or the one after it. A verdict that stands for many bytes outlives the connection it was given for.</summary>
    internal ClusterSocket Current => IsUsable ? this : splice.SocketTo(cluster) ?? this;

    /// <summary>SO_COOKIE; 0 while it is being dialled.</summary>
    public ulong Cookie => Psock?.Cookie ?? 0;

    public Reactor Reactor => splice.Client.Reactor;

    public bool HasUnsent => Psock?.HasUnsent ?? !_queue.IsEmpty;

    public bool TryPutOut(ReadOnlySpan<byte> bytes, Valve source, bool more)
    {
        if (Psock is { } psock)
            return psock.TryPutOut(bytes, source, more) || Lose(psock, bytes.Length);
        if (_isOver)
            return false;

        _queue.Append(bytes);
        source.Heed(_queue);
        return true;
    }

    // Bytes that count as received by a socket which has received nothing yet come back at once.
    public bool TryPutIn(ReadOnlySpan<byte> bytes, Valve source) => splice.Client.TryPutOut(bytes, source, more: false);

    public void Flush() => Psock?.Flush();

    void IAbortScope.Enter(IAbortable operation)
    {
        _dialling = operation;
        if (_isOver)
            operation.Abort(EndReason.Aborted);
    }

    void IReactorTask.Run() => _ = DialAsync();

    // Sends what has gathered meanwhile. Never throws: the splice is told how it went.
    private async Task DialAsync()
    {
        try
        {
            ClusterDial dialled = await dialer.DialAsync(cluster, this);
            _dialling = null;
            if (dialled.Connection is not ReactorConnection connection)
            {
                splice.DialFailed(this, dialled.Failure, dialled.Errno);
                return;
            }

            _lease = dialled.Closed;
            StreamSocket socket = _socket = connection.TakeSocket();
            if (_isOver)
            {
                socket.Reset();
                Return();
                return;
            }

            // Outside the maps it would inherit no program, and its bytes would go by unjudged.
            if (splice.Register(connection) is not Errno.None and var refused)
            {
                splice.DialFailed(this, EndReason.MapRefused, refused);
                return;
            }

            Psock = splice.Adopt(connection, socket);
            while (!_queue.IsEmpty && Psock.TryPutOut(_queue.First, _gate.Valve, more: true))
                _queue.Advance(_queue.First.Length);
            _queue.Clear();
            splice.Joined(this);
        }
        catch (Exception defect)
        {
            splice.Fault(defect);
        }
    }

    // Its failure is about to end the connection. What was for this server must not go to another meanwhile.
    private static bool Lose(Psock psock, int count)
    {
        if (!psock.SendFailed)
            return false;

        psock.Lose(count);
        return true;
    }

    /// <summary>The connection it belongs to has ended: it ends with RST, and dialling is given up.</summary>
    internal void Stop()
    {
        if (_isOver)
            return;

        _isOver = true;
        _queue.Clear();
        _dialling?.Abort(EndReason.Aborted);
        Psock?.Abort();
        _socket?.Reset(); // also where a defect came before it had a psock
        Return();
    }

    /// <summary>Its socket has been closed.</summary>
    internal void Return()
    {
        _isOver = true;
        _lease?.Dispose();
        _lease = null;
    }
}
