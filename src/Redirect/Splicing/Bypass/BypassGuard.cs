using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// Stands at a proxy's socket of a promoted connection: tells the direction that it is the sink of what the proxy itself sends.
/// </summary>
/// <param name="socket">The socket.</param>
/// <param name="sinkOf">The direction whose bytes go out of it.</param>
/// <param name="sourceOf">The direction whose bytes it receives.</param>
internal sealed class BypassGuard(StreamSocket socket, BypassedDirection sinkOf, BypassedDirection sourceOf) : ISockMapGuard
{
    private IngressEnd? _end;

    /// <inheritdoc/>
    public bool HidesBytes => false;

    /// <inheritdoc/>
    public int Waiting => sinkOf.Unread(); // else what an application sends is in TCP's queue when its send returns

    /// <inheritdoc/>
    public bool MaySend() => true;

    /// <inheritdoc/>
    public bool WaitsForMemory(Errno errno) => false; // nothing is passed to it, and so nothing charged without asking

    /// <inheritdoc/>
    public void Sent(nint count) => sinkOf.Forwarded(count);

    /// <inheritdoc/>
    public void Received(nint count)
    {
    }

    /// <inheritdoc/>
    public nint NothingReceived(nint result)
    {
        if (result != StreamSocket.EndOfStream)
            return result;
        if (socket.WasResetUnseen)
            return -(nint)(int)Errno.ECONNRESET;
        if (sourceOf.Unread() == 0)
            return result;

        (_end ??= new IngressEnd(sourceOf, socket)).Await();
        return 0;
    }

    /// <summary>The socket is about to be closed.</summary>
    internal void OnClosing() => _end?.Cancel();
}
