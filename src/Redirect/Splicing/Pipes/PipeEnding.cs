using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Connections;

namespace Sluice.Redirect.Splicing.Pipes;

/// <summary>
/// The one end of a connection: the first to report it wins, and resets both sides unless all was delivered. Safe from any
/// thread.
/// </summary>
internal sealed class PipeEnding(SplicePair pair) : IAbortable
{
    private const int Nobody = -1;
    private int _closedFirst = Nobody;
    private int _reason;
    private Errno _errno;
    private ExceptionDispatchInfo? _defect;

    /// <summary>A FIN was read. Remembered if nothing ended before.</summary>
    public void ClosedFirst(Direction side) => Interlocked.CompareExchange(ref _closedFirst, (int)side, Nobody);

    /// <summary>Both directions have ended. The reason if there was none before.</summary>
    public void Completed() => Interlocked.CompareExchange(ref _reason, (int)EndReason.Completed, (int)EndReason.None);

    /// <summary>A limit or an operator ends the connection.</summary>
    public void ByUs(EndReason reason) => End(reason, Errno.None, null);

    void IAbortable.Abort(EndReason reason) => ByUs(reason);

    /// <summary>A side's socket was reset.</summary>
    public void ByReset(Direction side) =>
        End(side == Direction.FromClient ? EndReason.ClientReset : EndReason.UpstreamReset, Errno.ECONNRESET, side);

    /// <summary>A side's pipe or socket threw.</summary>
    public void ByError(Direction side, Exception error)
    {
        switch (error)
        {
            case ConnectionResetException:
            case SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown or SocketError.NotConnected }:
                ByReset(side);
                break;
            case SocketException socket:
                End(side == Direction.FromClient ? EndReason.ClientError : EndReason.UpstreamError, socket.ToErrno(), side);
                break;
            case ConnectionAbortedException or ObjectDisposedException when Volatile.Read(ref _reason) != 0:
                // The echo of our own abort.
                break;
            default:
                if (End(EndReason.InternalError, Errno.None, null))
                    _defect = ExceptionDispatchInfo.Capture(error);
                break;
        }
    }

    /// <summary>The result, once both directions have ended. Throws what was a defect of ours.</summary>
    public SpliceResult Result()
    {
        _defect?.Throw();
        return new SpliceResult(
            (EndReason)_reason,
            pair.BytesFromClient,
            pair.BytesFromUpstream,
            _closedFirst == Nobody ? null : (Direction)_closedFirst,
            _errno);
    }

    private bool End(EndReason reason, Errno errno, Direction? side)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)EndReason.None) != (int)EndReason.None)
            return false;

        _errno = errno;
        if (side is { } closed)
            ClosedFirst(closed);
        var why = new ConnectionAbortedException(reason.ToString());
        pair.Client.Abort(why);
        pair.Upstream.Abort(why);
        return true;
    }
}
