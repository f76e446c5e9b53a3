using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Reactors;

// What is told of a socket afterwards.
internal sealed partial class StreamSocket
{
    // net/tcp_states.h, from 1 on.
    private static readonly string[] States =
    [
        "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV",
    ];

    /// <summary>What TCP knows of it at this moment; null for a unix socket and for one that is closed.</summary>
    internal TcpFacts? ReadFacts()
    {
        if (!IsTcp || !IsOpen)
            return null;
        TcpInfo info = ReadTcpInfo();
        return info.State is 0 || info.State > States.Length
            ? null
            : new(
                States[info.State - 1],
                TimeSpan.FromMicroseconds(info.RoundTripMicroseconds),
                TimeSpan.FromMicroseconds(info.RoundTripVarianceMicroseconds),
                info.Retransmissions,
                info.UnacknowledgedSegments,
                (long)info.BytesAcked,
                (long)info.BytesReceived,
                info.NotSentBytes);
    }
}
