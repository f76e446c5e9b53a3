namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>Why the kernel does not carry a connection, or not any more.</summary>
public enum OffloadRefused : byte
{
    /// <summary>A side is not a TCP connection.</summary>
    NotTcp = 0,
    /// <summary>Urgent data came, which a verdict program would turn into ordinary data.</summary>
    UrgentData,
    /// <summary>The reactor's map has as many pairs as it may have.</summary>
    MapFull,
    /// <summary>The memory budget is used up.</summary>
    Memory,
    /// <summary>The kernel refused to set a buffer's size.</summary>
    SendBuffer,
    /// <summary>The kernel refused a socket or its cookie, mostly because a side has just closed.</summary>
    Insert,
    /// <summary>A reactor's maps could not be made.</summary>
    Unavailable,
    /// <summary>A verdict program judges its bytes that the kernel cannot run.</summary>
    Program,
    /// <summary>The stream that the kernel handed over had a hole; the connection was reset.</summary>
    Gap,
    /// <summary>No socket of the other end is here: another host or network namespace, or addresses were translated.</summary>
    Remote,
    /// <summary>The application's socket is a blocking one.</summary>
    Blocking,
    /// <summary>The application has set SO_RCVLOWAT.</summary>
    LowWater,
    /// <summary>The application wants to hear what becomes of sent bytes: MSG_ZEROCOPY, SO_TIMESTAMPING.</summary>
    Completions,
    /// <summary>A protocol lies over TCP in one of the sockets: the kernel's TLS, MPTCP.</summary>
    UpperLayer,
    /// <summary>TCP had no memory for what user space sends behind passed bytes. Nothing was lost; it was sent later.</summary>
    TcpMemory,
    /// <summary>The kernel's worker met an error that was not the connection's, and dropped what came then; the connection was reset.</summary>
    Worker,
    /// <summary>A direction that could go on stood still for some seconds, until the sweep woke it.</summary>
    Standstill,
}
