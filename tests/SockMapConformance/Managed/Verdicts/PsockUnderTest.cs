using Sluice.Redirect.Splicing.Programs;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Behaviour;

internal sealed class PsockUnderTest(Psock psock, SocketKey key) : ISocketUnderTest
{
    public SocketKey Key => key;

    public int Unread => (int)psock.UnreadBytes;

    public Counts Arrived => Of(psock.Arrived);

    public Counts Sent => Of(psock.Sent);

    public Task<int> SendAsync(ReadOnlyMemory<byte> message) => psock.SendAsync(message).AsTask();

    public Task<int> ReceiveAsync(Memory<byte> buffer) => psock.ReceiveAsync(buffer).AsTask();

    public int Peek(Span<byte> buffer) => psock.Peek(buffer);

    public void ShutdownSend() => psock.ShutdownSend();

    public void Reset() => psock.Abort();

    private static Counts Of(PsockCounters counters) =>
        new(counters.Passed, counters.Dropped, counters.Redirected, counters.RedirectFailed);
}
