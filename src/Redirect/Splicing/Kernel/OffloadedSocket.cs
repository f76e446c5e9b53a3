using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// A socket of an offloaded pair: what arrives at it is a direction that the kernel carries, or that it has given back and user
/// space copies. What is sent through it comes behind what the kernel has redirected to it. docs/decisions/0012 has the protocol.
/// </summary>
internal sealed partial class OffloadedSocket : ReactorTimer, ISockMapGuard
{
    // A stream that comes back after so little was not worth the way.
    private const ulong LittleBytes = 4096;

    private readonly PairOffload _pair;
    private readonly Direction _side;
    private readonly StreamSocket _socket;
    private readonly ReactorOffload _offload;
    private readonly int _index;
    private readonly ulong _receivedBefore;
    private readonly ulong _acceptedBefore;

    private ulong _consumed;
    private ulong _sent;
    private ulong _told;
    private ulong _carried; // when user space last took over
    private bool _isCarried; // as far as this side knows; the record knows it first
    private bool _hasWindow;
    private bool _mayOffload;

    /// <param name="pair">The pair.</param>
    /// <param name="side">Whose socket it is.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="index">Its record.</param>
    /// <param name="receivedBefore">Bytes received from it until now.</param>
    /// <param name="acceptedBefore">Bytes that its TCP has taken to send until now, acknowledged or not.</param>
    internal OffloadedSocket(PairOffload pair, Direction side, StreamSocket socket, int index, ulong receivedBefore, ulong acceptedBefore)
    {
        (_pair, _side, _socket, _index) = (pair, side, socket, index);
        (_offload, _receivedBefore, _acceptedBefore) = (pair.Reactor, receivedBefore, acceptedBefore);
    }

    /// <summary>The pair's other socket. Set before either is in the map.</summary>
    internal OffloadedSocket Other { get; set; } = null!;

    /// <summary>SO_COOKIE.</summary>
    internal ulong Cookie { get; init; }

    /// <summary>Whether the kernel may be given what arrives here.</summary>
    internal bool MayOffload
    {
        get => _mayOffload;
        set
        {
            _mayOffload = value;
            if (!value)
                GiveWindowBack(); // it comes back with the next byte
        }
    }

    private ref SpliceRecord Record => ref _offload.Table[_index];

    private bool IsInKernel => (Volatile.Read(ref Record.State) & SpliceRecord.InKernel) != 0;

    private ulong Redirected => Volatile.Read(ref Record.Redirected);

    private ulong Judged => Redirected + Volatile.Read(ref Record.Dropped);

    public bool HidesBytes => true;

    /// <inheritdoc/>
    public void Received(nint count)
    {
        _consumed += (ulong)count;
        _goneAt = 0;
        LeaveKernel();
    }

    /// <inheritdoc/>
    public nint NothingReceived(nint result)
    {
        if (_isCarried && !IsInKernel)
            LeaveKernel();
        if (!_socket.HasEnded)
            return 0;

        // Between the FIN and the program's last run a receive finds the end as well. It took the socket's lock, and so came after
        // any run before: what is missing now is still on its way. The other side must have all of it, for FIN overtakes.
        TcpInfo info = _socket.ReadTcpInfo();
        const ulong Fin = 1;
        bool isAll = info.BytesReceived == _receivedBefore + Judged + _consumed + Fin;
        if (isAll && result == StreamSocket.EndOfStream && Other.IsAllAccepted(out _))
        {
            LeaveKernel(isEnd: true);
            return StreamSocket.EndOfStream;
        }

        if (!isAll && StreamSocket.IsGone(info) && HasAllOfTheGone())
        {
            LeaveKernel(isEnd: true);
            return -(nint)(int)Errno.ECONNRESET;
        }

        _looksAgain = true;
        Wait();
        return 0;
    }

    /// <summary>Gives what arrives here to the kernel, if all before it has been received and sent on.</summary>
    internal void TryGiveToKernel()
    {
        if (!_mayOffload || _isCarried || _socket.HasEnded || !_socket.IsOpen || !_pair.Splice.IsAtRest(_side, out StandingVerdict standing))
            return;
        if (!Other.IsAllAccepted(out int unacknowledged) || unacknowledged > _offload.Window / 2)
            return;
        if (!_offload.Engine.Budget.TryTake(_offload.Window))
        {
            _offload.Engine.Counters.Refuse(OffloadRefused.Memory);
            return;
        }

        ref SpliceRecord record = ref Record;
        record.Standing = WindowCode.Of(standing);
        record.OffsetBase = (ulong)standing.StreamOffset - Judged;
        Volatile.Write(ref record.Window, (uint)_offload.Window);
        Volatile.Write(ref record.Rebase, 1u);
        ulong passed = _consumed << 1;
        if (Interlocked.CompareExchange(ref record.State, passed | SpliceRecord.InKernel, passed) != passed)
        {
            _offload.Engine.Budget.Give(_offload.Window);
            _socket.ExpectReadable();
            _looksAgain = true; // more was passed meanwhile, which may have told so before it was looked for
            Wait();
            return;
        }

        (_isCarried, _hasWindow, Other._isOrdered) = (true, true, false);
        _offload.Engine.Counters.Promoted();
        _pair.Splice.PathChanged(_side, DataPath.Sockmap);
        _socket.WatchArrivals(false);
    }

    /// <summary>The program has given the stream back, as far as its event says.</summary>
    internal void OnDemoted()
    {
        if (!_isCarried || IsInKernel)
            return;

        LeaveKernel();
        _socket.RetryReceive();
    }

    /// <summary>What the kernel has carried since the last time goes into the counts. True when it was anything.</summary>
    internal bool Account()
    {
        ulong redirected = Redirected;
        if (redirected == _told)
            return false;

        _pair.Splice.Delivered(_side, DataPath.Sockmap, (long)(redirected - _told));
        _told = redirected;
        return true;
    }

    /// <summary>
    /// Once a second: counts, gives the window of a direction that nobody uses to others who want it, and looks for what stands still.
    /// </summary>
    internal void Sweep(bool memoryIsShort)
    {
        bool moved = Account();
        OnDemoted();
        if (_hasWindow && memoryIsShort && !moved && Other.IsAllAccepted(out int unacknowledged) && unacknowledged == 0)
            GiveWindowBack();
        if (_socket.IsOpen)
            LookForStandstill();
    }

    /// <summary>The socket is closed, and the program runs for it no more.</summary>
    internal void OnClosed()
    {
        if (_isCarried)
            _offload.Engine.Counters.Left();
        _isCarried = false;
        GiveWindowBack();
        Account();
        _socket.Reactor.Timers.Cancel(this);
        _offload.Engine.Counters.Overlapped(Record.Overlaps);
    }

    private void LeaveKernel(bool isEnd = false)
    {
        if (!_isCarried)
            return;

        _isCarried = false;
        _offload.Engine.Counters.Left();
        GiveWindowBack();
        Account();
        bool carriedLittle = Judged - _carried < LittleBytes;
        _carried = Judged;
        _socket.ExpectReadable();
        if (isEnd || !_socket.IsOpen)
            return;

        ref SpliceRecord record = ref Record;
        _pair.CameBack(_side, carriedLittle);
        _pair.Splice.Continue(_side, WindowCode.Read(record.Standing, (long)(record.OffsetBase + Judged)));
        _pair.Splice.PathChanged(_side, DataPath.Copy);
        _offload.Engine.Counters.Demoted();
        _socket.WatchArrivals(true);
    }

    private void GiveWindowBack()
    {
        if (!_hasWindow)
            return;

        _hasWindow = false;
        Volatile.Write(ref Record.Window, 0u);
        _offload.Engine.Budget.Give(_offload.Window);
    }
}
