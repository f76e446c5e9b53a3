using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Reactors;

// What a socket receives where its connection has only so many bytes a second.
internal sealed partial class StreamSocket
{
    private ReceivePacer? _pacer;

    /// <summary>True when what it receives is counted or held back by a pace: splice(2) and the kernel's sockmap would go past that.</summary>
    internal bool IsPaced => _pacer is not null;

    /// <summary>True while bytes wait in a socket, this one or another of its pace, for their time to come.</summary>
    internal bool IsPaused => _pacer is { Pace.Waiting: > 0 };

    /// <summary>Receives no faster from now on. Before anybody has begun to receive.</summary>
    internal void PaceBy(ReceivePace pace) => _pacer = new ReceivePacer(this, pace);

    /// <summary>Shares the pace of another socket of the same connection, where that one has any.</summary>
    internal void PaceLike(StreamSocket other)
    {
        if (other._pacer is { } pacer)
            PaceBy(pacer.Pace);
    }

    private nint ReceivePaced(Span<byte> buffer)
    {
        int allowed = _pacer!.Allowed(buffer.Length);
        if (allowed == 0)
            return WaitForPace();

        nint received = ReceiveNow(buffer[..allowed]);
        if (received > 0)
            _pacer.Received(received);
        return received;
    }

    private nint PeekPaced(Span<byte> buffer) =>
        _pacer!.Allowed(buffer.Length) is > 0 and var allowed ? PeekNow(buffer[..allowed]) : WaitForPace();

    // One byte tells whether there is anything to wait for, and lets an end through that nothing is in front of.
    private nint WaitForPace()
    {
        if (_pacer!.IsSet && !HasEnded)
            return Nothing(0);

        Span<byte> first = stackalloc byte[1];
        nint seen = PeekNow(first);
        if (seen <= 0)
            return seen;

        _pacer.Pause();
        return Nothing(0);
    }

    private nint PeekNow(Span<byte> buffer) => Received(Syscall.Receive(_fd, buffer, Abi.MsgPeek), UnknownLength);
}
