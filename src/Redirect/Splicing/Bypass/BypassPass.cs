namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>Why a message of a promoted direction goes through the proxy.</summary>
public enum BypassPass
{
    /// <summary>Bytes before it are still on their way through the proxy.</summary>
    Order = 0,
    /// <summary>The sender's socket is closing, blocking, or wants to hear what becomes of sent bytes.</summary>
    Sender,
    /// <summary>The proxy's socket to the receiver is closing or has failed.</summary>
    Sink,
    /// <summary>Its send queue has no room for all of it: the receiver is slower.</summary>
    Room,
    /// <summary>The system is short of memory for sockets.</summary>
    Memory,
    /// <summary>The rules leave it to the managed engine: it is not just one message, or they decide what a program of the kernel cannot do.</summary>
    Rules,
}
