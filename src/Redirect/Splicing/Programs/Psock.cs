using Sluice.Redirect.Maps;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>
/// A socket as the maps' programs see it (struct sk_psock): what arrives goes through the stream parser and verdict the
/// socket has inherited, what is sent goes through its sk_msg program. Passed bytes wait in a queue for
/// <see cref="ReceiveAsync"/>, or go out of <see cref="Forward"/>. Redirected ones go to another psock of the same reactor.
/// All members belong to the reactor's thread. It owns its socket.
/// </summary>
internal sealed partial class Psock : ISendHandler, IMembershipHandler, IRedirectSink
{
    private readonly StreamSocket _socket;
    private readonly IPsockOwner? _owner;
    private readonly Judgement _arriving;
    private readonly Judgement _leaving;
    private readonly Arrivals _arrivals;
    private readonly ByteQueue _ingress;
    private readonly Departures _departures;
    private readonly ReactorSignal _readable = new();
    private readonly SendGate _sending;
    private AttachedPrograms _programs = AttachedPrograms.None;
    private volatile bool _programsMayHaveChanged = true;
    private bool _closing;

    /// <param name="socket">Connected; nobody else may receive from it or send through it.</param>
    /// <param name="context">What programs see of it, as one that receives.</param>
    /// <param name="options">What it may hold.</param>
    /// <param name="owner">The spliced connection it belongs to; null when its reader and sender drive it.</param>
    internal Psock(StreamSocket socket, MessageContext context, PsockOptions options, IPsockOwner? owner = null)
    {
        (_socket, Side, _owner) = (socket, context.Side, owner);
        _arriving = new Judgement(this, context, options);
        _leaving = new Judgement(this, context with { Direction = MessageDirection.Egress }, options);
        _ingress = new ByteQueue(Reactor.Buffers, options.QueueBytes);
        _departures = new Departures(this, socket, options.QueueBytes, owner);
        _arrivals = new Arrivals(this, socket, _arriving, options.QueueBytes);
        _sending = new SendGate(Reactor);
        socket.Sender = this; // before Start: others may redirect to it already
    }

    /// <inheritdoc/>
    public Reactor Reactor => _socket.Reactor;

    /// <inheritdoc/>
    public ulong Cookie => _socket.Cookie;

    /// <summary>Which end of a proxied connection it is.</summary>
    internal Direction Side { get; }

    /// <summary>
    /// The other socket of a spliced pair, when nobody reads this one by <see cref="ReceiveAsync"/>: what is passed is sent
    /// through it. Unless an owner decides, the end of this stream ends that one's after all that came before. Set before
    /// <see cref="Start"/>.
    /// </summary>
    internal Psock? Forward { get; set; }

    /// <summary>Hears once when it ended otherwise than by <see cref="Close"/> or <see cref="Abort"/>: <see cref="End"/> has why.</summary>
    internal Action<Psock>? Ended { get; set; }

    /// <summary>Why it ended before its time; null otherwise.</summary>
    internal PsockEnd? End { get; private set; }

    internal bool IsOpen => _socket.IsOpen;
    internal bool IsClosing => _closing || !IsOpen;
    internal bool SendFailed => _departures.Error != Errno.None;

    internal PsockCounters Arrived => _arriving.Counters;
    internal PsockCounters Sent => _leaving.Counters;

    /// <summary>Bytes that were judged and wait for its reader.</summary>
    internal long UnreadBytes => _ingress.Length;

    /// <summary>Bytes that were judged and wait for the network.</summary>
    internal long UnsentBytes => _departures.Queued;

    /// <summary>Bytes that the network has and the other end has not acknowledged.</summary>
    internal int Unacknowledged => _socket.HasFailed ? 0 : _socket.Unacknowledged;

    /// <summary>Bytes that could not be sent or judged any more when it failed. What its reader has not read is not among them.</summary>
    internal long LostBytes { get; private set; }

    /// <inheritdoc/>
    public bool HasUnsent => UnsentBytes > 0;

    /// <summary>Begins to receive; what the socket holds already is judged too.</summary>
    internal void Start()
    {
        RefreshPrograms();
        _arrivals.Start();
    }

    /// <summary>
    /// Takes passed bytes: their count; 0 after the stream's last; minus an errno after a failure. One caller at a time.
    /// </summary>
    internal async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        while (_ingress.IsEmpty)
        {
            if (End is { } end)
                return -(int)end.Errno;
            if (_arrivals.HaveEnded || !IsOpen)
                return 0;
            await _readable.WaitAsync();
        }

        return _ingress.Read(buffer.Span);
    }

    /// <summary>Copies passed bytes that wait, and lets them wait: their count, 0 when there are none (MSG_PEEK).</summary>
    internal int Peek(Span<byte> buffer) => _ingress.Peek(buffer);

    /// <summary>
    /// Sends one message through the sk_msg program: the count of bytes that were not dropped, corked ones included; -EACCES
    /// when all were; minus another errno when nothing could be sent. Completes when what it fed has room. One caller at a time.
    /// </summary>
    internal async ValueTask<int> SendAsync(ReadOnlyMemory<byte> message)
    {
        long dropped = Sent.Dropped;
        if (!TrySend(message, _sending.Valve, more: false) || _departures.Error != Errno.None || End is not null)
            return -(int)(End?.Errno ?? (_departures.Error == Errno.None ? Errno.EPIPE : _departures.Error));

        while (!_sending.Valve.IsOpen && IsOpen)
            await _sending.WaitAsync();
        dropped = Sent.Dropped - dropped;
        return dropped > 0 && dropped >= message.Length ? -(int)Errno.EACCES : (int)(message.Length - dropped);
    }

    /// <summary>Sends FIN after all that was sent; what the program corked is judged as it is.</summary>
    internal void ShutdownSend()
    {
        if (_departures.AreOver || !IsOpen)
            return;

        _leaving.End(_sending.Valve);
        _departures.End();
    }

    /// <summary>Sends what is queued, then closes. Unread bytes are dropped.</summary>
    internal void Close()
    {
        _ingress.Clear();
        ShutdownSend();
        _closing = true;
        Flush();
    }

    /// <summary>Ends with RST at once.</summary>
    internal void Abort()
    {
        _ingress.Clear();
        Release(reset: true);
    }

    /// <summary>Takes a message for the sk_msg program. False: it can send no more, and nothing was taken.</summary>
    internal bool TrySend(ReadOnlyMemory<byte> message, Valve source, bool more)
    {
        RefreshPrograms();
        if (!IsOpen || _departures.AreOver)
            return false;

        _leaving.Offer(message, source, more);
        return true;
    }

    /// <inheritdoc/>
    public bool TryPutOut(ReadOnlySpan<byte> bytes, Valve source, bool more) => _departures.TryPut(bytes, source, more);

    /// <inheritdoc/>
    public bool TryPutIn(ReadOnlySpan<byte> bytes, Valve source)
    {
        if (!IsOpen || _closing)
            return false;
        if (Forward is { } other)
            return other.TryPutOut(bytes, source, more: false);

        _ingress.Append(bytes);
        source.Heed(_ingress);
        _readable.Set();
        return true;
    }

    /// <inheritdoc/>
    public void Flush() => _departures.Flush();
    void ISendHandler.OnSendReady() => Flush();

    /// <summary>Nothing is queued to be sent.</summary>
    internal void AllSent()
    {
        if (_closing)
            Release(reset: false);
        _owner?.AllSent(this);
    }

    /// <summary>Receives nothing more; what is queued is still sent.</summary>
    internal void StopReceiving() => _arrivals.Stop();

    /// <summary>Nothing can be sent any more. What had arrived before is still received and judged; the error comes after it.</summary>
    internal void SendingFailed()
    {
        // The rest of a message that is being judged goes on to where its program says, and is counted there.
        if (!_leaving.IsBusy)
            Lose(_leaving.Held);
        _leaving.Clear();
        if (_arrivals.AreStopped)
            _owner?.AllSent(this);
        else if (!_closing && !_socket.GoesOn) // else its rest would be waited for as long as it sends
            _arrivals.DeliverRest();
        else if (_closing && _owner is null)
            Release(reset: true);
        else
            Finish(PsockEnd.OfSocket(Side, _departures.Error));
    }

    /// <summary>Everything that arrived has been judged, and nothing more will arrive.</summary>
    internal void EndOfStream()
    {
        if (!IsOpen)
            return;

        _readable.Set();
        if (_owner is not null)
            _owner.StreamEnded(this);
        else
            Forward?.ShutdownSend();
    }

    /// <summary>Ends before its time. The first end counts. What its reader has not read yet can still be read.</summary>
    internal void Finish(PsockEnd end)
    {
        if (!IsOpen)
            return;

        End = end;
        LostBytes += UnsentBytes + _arriving.Held + _leaving.Held;
        Release(reset: true);
        Ended?.Invoke(this);
        _owner?.Ended(this);
    }

    /// <summary>Judged bytes have nowhere to go.</summary>
    internal void Lose(long count) => LostBytes += count;

    /// <summary>A defect in this connection must not touch any other.</summary>
    internal void Fault(Exception exception)
    {
        Reactor.Report(exception);
        Finish(new PsockEnd(EndReason.InternalError, Errno.EIO, exception));
    }

    /// <summary>
    /// Takes up the programs that the socket has inherited since, or lost. What the ones before were holding they judge as it is.
    /// </summary>
    internal void RefreshPrograms()
    {
        // In the middle of a message it waits for the turn that the change has been posted for.
        if (!_programsMayHaveChanged || !IsOpen || _arriving.IsBusy || _leaving.IsBusy)
            return;

        _programsMayHaveChanged = false;
        AttachedPrograms programs = _socket.Memberships.Programs;
        if (programs == _programs)
            return;

        _programs = programs;
        _arrivals.FlushHeld();
        _leaving.End(_sending.Valve);
        _arriving.Use(programs.StreamVerdict is null ? null : programs.StreamParser, programs.StreamVerdict ?? programs.SkbVerdict);
        _leaving.Use(null, programs.MsgParser);
    }

    void IMembershipHandler.OnMembershipsChanged()
    {
        _programsMayHaveChanged = true;
        Reactor.Post(static psock => ((Psock)psock!).RefreshPrograms(), this);
    }

    /// <summary>Gives all memory back and moves nothing more. The socket is left to whoever closes it.</summary>
    internal void LetGo()
    {
        _arrivals.Stop();
        _arriving.Clear();
        _leaving.Clear();
        _departures.Clear();
        _ingress.LetGo();
        _readable.Set();
        _sending.Wake();
    }

    private void Release(bool reset)
    {
        if (reset)
            _socket.Reset();
        else
            _socket.Close();
        LetGo();
    }
}
