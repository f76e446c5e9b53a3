using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Kernel;

// What gives no sign, or whose sign may be lost: the kernel's worker, the last run of the program, the end of a want of memory.
internal sealed partial class OffloadedSocket : IReactorTask
{
    // The kernel's worker mostly needs microseconds. After this many turns of the reactor it is waited for by the clock.
    private const int TurnsToWait = 8;
    private const int LongestWaitMilliseconds = 16;

    // Sweeps in which nothing moved, until it is looked whether anything could.
    private const int SweepsUntilNudge = 4;

    // What a reset has left behind bytes that the worker can send no more never comes.
    private const int PatienceMilliseconds = 5000;

    private ulong _moved;
    private long _goneAt;
    private int _polls;
    private int _sweepsStill;
    private bool _isOrdered = true;
    private bool _isScheduled;
    private bool _looksAgain;
    private bool _awaitsOrder;
    private bool _awaitsMemory;

    /// <inheritdoc/>
    public int Waiting => (int)Math.Clamp(Missing(out _), 0, int.MaxValue);

    private ulong Passed => Volatile.Read(ref Record.State) >> 1;

    /// <inheritdoc/>
    public bool MaySend()
    {
        if (_isOrdered)
            return true;

        _isOrdered = IsAllAccepted(out _);
        // The worker sends nothing to a connection that was reset. A send fails there, and so tells.
        _awaitsOrder = !_isOrdered && !StreamSocket.IsGone(_socket.ReadTcpInfo());
        if (_awaitsOrder)
            Wait();
        return !_awaitsOrder;
    }

    /// <inheritdoc/>
    public bool WaitsForMemory(Errno errno)
    {
        // Passed skbs are charged without asking, so that what the socket has reserved falls below zero. When TCP then gets no memory,
        // send(2) takes the negative rest for a length and fails with EFAULT, before it has taken a byte. docs/decisions/0032
        if (errno != Errno.EFAULT)
            return false;

        if (!_awaitsMemory)
            _offload.Engine.Counters.Refuse(OffloadRefused.TcpMemory);
        _awaitsMemory = true;
        Wait();
        return true;
    }

    /// <inheritdoc/>
    public void Sent(nint count)
    {
        _sent += (ulong)count;
        _awaitsMemory = false;
    }

    void IReactorTask.Run()
    {
        _isScheduled = false;
        LookAgain();
    }

    internal override void OnTimer() => LookAgain();

    private void LookAgain()
    {
        if (!_socket.IsOpen)
            return;

        bool awaitsEnd = _looksAgain;
        _looksAgain = false;
        if (_awaitsMemory || (_awaitsOrder && MaySend()))
            _socket.ResumeSending();
        if (awaitsEnd)
            _socket.RetryReceive();
        if (!_looksAgain && !_awaitsOrder && !_awaitsMemory)
            _polls = 0;
    }

    private bool IsAllAccepted(out int unacknowledged) => Missing(out unacknowledged) <= 0;

    // Bytes redirected to this socket, or sent, that its TCP has not taken yet. An acknowledgement between the two calls makes it
    // seem more, never less.
    private long Missing(out int unacknowledged)
    {
        ulong acknowledged = _socket.ReadTcpInfo().BytesAcked;
        unacknowledged = _socket.OutQueue;
        return (long)(_acceptedBefore + Other.Redirected + _sent) - (long)(acknowledged + (ulong)unacknowledged);
    }

    private void Wait()
    {
        if (_isScheduled)
            return;

        if (++_polls <= TurnsToWait)
        {
            _isScheduled = true;
            _socket.Reactor.Schedule(this);
        }
        else if (!IsSet)
        {
            long pause = Math.Min(1L << Math.Min(_polls - TurnsToWait, 8), LongestWaitMilliseconds);
            _socket.Reactor.Timers.Set(this, _socket.Reactor.Now + pause);
        }
    }

    // Nothing more can come from a connection that was reset: all that was passed is here, or has not come for so long that it lies
    // behind what the worker cannot send.
    private bool HasAllOfTheGone()
    {
        if (IsInKernel || Passed == _consumed)
            return true;

        if (_goneAt == 0)
            _goneAt = _socket.Reactor.Now;
        return _socket.Reactor.Now - _goneAt >= PatienceMilliseconds;
    }

    // Once a second. The worker gives up for good at an error that is not the connection's: it drops what is passed from then on. And
    // where nothing has moved for some time, all are woken that may have missed a sign.
    private void LookForStandstill()
    {
        if (_socket.HasFailed && !StreamSocket.IsGone(_socket.ReadTcpInfo()))
        {
            _pair.Reset(OffloadRefused.Worker, Errno.EIO);
            return;
        }

        ulong moved = Redirected + _consumed + _sent;
        _sweepsStill = moved == _moved ? _sweepsStill + 1 : 0;
        _moved = moved;
        if (_sweepsStill == 0 || _sweepsStill % SweepsUntilNudge != 0)
            return;

        Nudge();
        if (Redirected + _consumed + _sent != moved)
            _offload.Engine.Counters.Refuse(OffloadRefused.Standstill);
    }

    private void Nudge()
    {
        if (_socket.ReadTcpInfo().BytesReceived - _receivedBefore > Judged + _consumed)
            _socket.RetryReceive();
        if (_socket.IsOpen && Missing(out _) > 0)
            _pair.WakeWorker(_socket);
        _socket.ResumeSending();
    }
}
