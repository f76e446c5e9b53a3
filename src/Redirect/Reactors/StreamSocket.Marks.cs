namespace Sluice.Redirect.Reactors;

// What is asked less often than for every receive, in one byte: every proxied connection has two sockets.
internal sealed partial class StreamSocket
{
    [Flags]
    private enum Marks : byte
    {
        None = 0,
        Connecting = 1,
        Taken = 2,
        Failed = 4,
        Ended = 8,
        Urgent = 16,
        SentFin = 32,
    }

    /// <summary>True once it was handed to a splicer.</summary>
    internal bool IsTaken => Has(Marks.Taken);

    /// <summary>True once an operation failed or epoll announced an error, whether anyone received it or not.</summary>
    internal bool HasFailed => Has(Marks.Failed);

    /// <summary>True once FIN or an error was announced: nothing more comes after what the socket holds.</summary>
    internal bool HasEnded => Has(Marks.Ended);

    /// <summary>
    /// True once urgent data was announced. splice(2) stops before the urgent byte as before an empty socket or an end, so
    /// from then on only <see cref="Receive"/> tells the truth.
    /// </summary>
    internal bool HasUrgentData => Has(Marks.Urgent);

    /// <summary>It goes to a splicer.</summary>
    internal void Take() => _marks |= Marks.Taken;

    private bool Has(Marks mark) => (_marks & mark) != 0;
}
