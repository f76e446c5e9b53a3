namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>A field of the kernel's that the programs read. See <see cref="BypassFields"/>.</summary>
internal enum BypassField
{
    /// <summary>Behind the last byte that was sent or queued.</summary>
    WriteSequence = 0,
    /// <summary>The first byte that user space has not received.</summary>
    CopiedSequence,
    /// <summary>Behind the last byte that has arrived in order.</summary>
    NextSequence,
    /// <summary>The first byte that the other end has not acknowledged.</summary>
    Unacknowledged,
    /// <summary>Not null where a protocol lies over TCP: the kernel's TLS, MPTCP.</summary>
    UpperLayer,
    /// <summary>TCP_ESTABLISHED and so on.</summary>
    State,
    /// <summary>SO_COOKIE; 0 while nobody has asked for it.</summary>
    Cookie,
    /// <summary>Bits of enum sock_flags.</summary>
    Flags,
    /// <summary>Its struct proto.</summary>
    Protocol,
    /// <summary>The pending error.</summary>
    Error,
    /// <summary>RCV_SHUTDOWN and SEND_SHUTDOWN.</summary>
    Shutdown,
    /// <summary>Memory that its send queue takes.</summary>
    SendMemory,
    /// <summary>Memory that it may take.</summary>
    SendBuffer,
    /// <summary>SO_RCVLOWAT.</summary>
    ReceiveLowWater,
    /// <summary>SO_TIMESTAMPING: what is told of sent bytes.</summary>
    TimestampFlags,
    /// <summary>Its struct sk_psock, with three bits of flags.</summary>
    UserData,
    /// <summary>Of struct sk_psock: the program that its sends run; null where it is in no map with one.</summary>
    SendProgram,
    /// <summary>Of struct sk_psock: the first of the messages that wait for its reader; the list's own address where there are none.</summary>
    FirstUnread,
    /// <summary>Memory of what its reader has not taken.</summary>
    ReceiveMemory,
    /// <summary>Its struct socket; null once nobody has it open.</summary>
    Socket,
    /// <summary>Of struct socket: its struct file.</summary>
    SocketFile,
    /// <summary>Of struct file: O_NONBLOCK and others.</summary>
    FileFlags,
    /// <summary>Of struct proto: where it is told that memory for all sockets is short; null where it never is.</summary>
    MemoryPressure,
}
