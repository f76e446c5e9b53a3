using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// Stands at a proxy's socket of a promoted connection: tells the direction that it is the sink of what the proxy itself sends.
/// </summary>
/// <param name="socket">The socket.</param>
/// <param name="sinkOf">The direction whose bytes go out of it.</param>
internal sealed class BypassGuard(StreamSocket socket, BypassedDirection sinkOf) : ISockMapGuard
{
    /// <inheritdoc/>
    public bool HidesBytes => false;

    /// <inheritdoc/>
    public int Waiting => 0; // what an application sends is in TCP's queue when its send returns

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
    public nint NothingReceived(nint result) =>
        result == StreamSocket.EndOfStream && socket.WasResetUnseen ? -(nint)(int)Errno.ECONNRESET : result;
}
