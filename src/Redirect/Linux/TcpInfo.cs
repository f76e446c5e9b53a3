using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

/// <summary>
/// The part of struct tcp_info that splicing needs (offsets from uapi/linux/tcp.h, which only ever grows at its end).
/// Counts are of bytes since the connection began; a FIN counts as one, and so does the SYN of the side that connected.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 152)]
internal struct TcpInfo
{
    /// <summary>Bytes asked of the kernel: as far as the last field here.</summary>
    internal const uint Length = 148;

    /// <summary>TCP_ESTABLISHED = 1, TCP_CLOSE = 7 and so on (net/tcp_states.h).</summary>
    [FieldOffset(0)]
    internal byte State;

    /// <summary>Segments sent and not acknowledged.</summary>
    [FieldOffset(24)]
    internal uint UnacknowledgedSegments;

    /// <summary>The smoothed round trip time in microseconds.</summary>
    [FieldOffset(68)]
    internal uint RoundTripMicroseconds;

    /// <summary>Its mean deviation in microseconds.</summary>
    [FieldOffset(72)]
    internal uint RoundTripVarianceMicroseconds;

    /// <summary>Segments sent again since the connection began.</summary>
    [FieldOffset(100)]
    internal uint Retransmissions;

    /// <summary>What the other end has acknowledged of what this socket sent.</summary>
    [FieldOffset(120)]
    internal ulong BytesAcked;

    /// <summary>What has arrived in order, read or not.</summary>
    [FieldOffset(128)]
    internal ulong BytesReceived;

    /// <summary>What lies in the send queue and has not been sent for the first time.</summary>
    [FieldOffset(144)]
    internal uint NotSentBytes;
}
