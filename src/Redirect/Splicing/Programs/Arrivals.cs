using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>
/// Receives from a psock's socket into the reactor's read buffer, where programs judge the bytes, for as long as the queues
/// that these bytes go to have room.
/// </summary>
internal sealed class Arrivals : IReceiveHandler, IReactorTask
{
    // Reads before other connections get their turn.
    private const int RoundsPerTurn = 8;

    // Where the reactor's budget for held bytes is used up.
    private const int ReadWithoutBudget = 4096;

    private readonly Psock _psock;
    private readonly StreamSocket _socket;
    private readonly Judgement _judgement;
    private readonly int _mostBytes;
    private readonly Valve _valve;
    private bool _scheduled;

    internal Arrivals(Psock psock, StreamSocket socket, Judgement judgement, int mostBytes)
    {
        (_psock, _socket, _judgement) = (psock, socket, judgement);
        _mostBytes = Math.Min(mostBytes, Reactor.ReadBufferSize);
        _valve = new Valve(socket.Reactor, this);
    }

    /// <summary>True once the end of the stream was received and everything before it judged.</summary>
    internal bool HaveEnded { get; private set; }

    /// <summary>True once nothing more is received.</summary>
    internal bool AreStopped { get; private set; }

    internal void Start()
    {
        _socket.Receiver = this;
        _socket.ExpectReadable();
        Pump();
    }

    /// <summary>The socket failed: what had arrived before is judged in the reactor's next turn, and then the error tells itself.</summary>
    internal void DeliverRest()
    {
        HaveEnded = false;
        _socket.ExpectReadable();
        if (_scheduled)
            return;

        _scheduled = true;
        _socket.Reactor.Schedule(this);
    }

    /// <summary>Receives nothing more.</summary>
    internal void Stop() => AreStopped = true;

    /// <summary>Judges what waits for more as it is.</summary>
    internal void FlushHeld() => _judgement.End(_valve);

    void IReceiveHandler.OnReceiveReady()
    {
        if (HaveEnded)
            LookForError();
        else
            Pump();
    }

    void IReceiveHandler.OnFault(Exception exception) => _psock.Fault(exception);

    void IReactorTask.Run()
    {
        _scheduled = false;
        try
        {
            Pump();
        }
        catch (Exception exception)
        {
            _psock.Fault(exception);
        }
    }

    private void Pump()
    {
        if (_scheduled)
            return;

        for (int round = 0; round < RoundsPerTurn; round++)
        {
            if (!_psock.IsOpen || AreStopped || HaveEnded || !_valve.IsOpen)
                return;
            if (_judgement.IsPaused)
                _judgement.Resume(_valve);
            else if (_socket.Readable)
                Receive();
            else
            {
                _psock.Drained();
                return;
            }
        }

        _scheduled = true;
        _socket.Reactor.Schedule(this);
    }

    private void Receive()
    {
        int most = _socket.Reactor.Buffers.HasRoom ? _mostBytes : Math.Min(_mostBytes, ReadWithoutBudget);
        nint received = _socket.Receive(_socket.Reactor.ReadBuffer.AsSpan(0, most));
        _psock.RefreshPrograms();
        if (received == StreamSocket.EndOfStream)
            EndOfStream();
        else if (received < 0)
            Fail((Errno)(int)(-received));
        else if (received > 0)
            _judgement.Offer(new ReadOnlyMemory<byte>(_socket.Reactor.ReadBuffer, 0, (int)received), _valve);
    }

    // What came before the error is judged and delivered, also where a program waits for more: none will come.
    private void Fail(Errno errno)
    {
        FlushHeld();
        _psock.Finish(PsockEnd.OfSocket(_psock.Side, errno));
    }

    private void EndOfStream()
    {
        FlushHeld();
        HaveEnded = true;
        _psock.EndOfStream();
        LookForError();
    }

    // After FIN nothing but an RST can come. Reading would not show it: after FIN the kernel answers every read with 0.
    private void LookForError()
    {
        if (_socket.IsOpen && _socket.HasFailed && _socket.TakeSocketError() is not Errno.None and var errno)
            _psock.Finish(PsockEnd.OfSocket(_psock.Side, errno));
    }
}
