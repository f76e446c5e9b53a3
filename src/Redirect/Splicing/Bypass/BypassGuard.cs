using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// Stands at a proxy's socket of a promoted connection: tells the directions what the proxy itself receives from it and sends to it.
/// </summary>
/// <param name="socket">The socket.</param>
/// <param name="sourceOf">The direction whose bytes come in by it.</param>
/// <param name="sinkOf">The direction whose bytes go out of it.</param>
internal sealed class BypassGuard(StreamSocket socket, BypassedDirection sourceOf, BypassedDirection sinkOf) : ISockMapGuard
{
    private IngressEnd? _end;

    /// <inheritdoc/>
    public bool HidesBytes => false;

    /// <inheritdoc/>
    public int Waiting => sinkOf.Unread(); // else what an application sends is in TCP's queue when its send returns

    /// <inheritdoc/>
    public bool MaySend() => sinkOf.MaySend();

    /// <inheritdoc/>
    public bool WaitsForMemory(Errno errno) => false; // nothing is passed to it, and so nothing charged without asking

    /// <inheritdoc/>
    public void Sent(nint count) => sinkOf.Forwarded(count);

    /// <inheritdoc/>
    public void Received(nint count) => sourceOf.Received(count);

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
