namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>What the promotion program answers.</summary>
internal enum PromotionResult : uint
{
    /// <summary>The sender's socket has its record and lies in the map; nothing is redirected before the record's generation is set.</summary>
    Promoted = 0,

    /// <summary>The program was not asked what it knows.</summary>
    Malformed,

    /// <summary>One of the proxy's own sockets was not found under its addresses: it is of another network namespace, or has ended.</summary>
    OwnSocket,

    /// <summary>There is no socket of the other end here: another host, another network namespace, or addresses were translated.</summary>
    Remote,

    /// <summary>There is a socket with those addresses, but its sequence numbers are of another connection.</summary>
    Mismatch,

    /// <summary>One of the three is not just established.</summary>
    State,

    /// <summary>One of the three has a protocol over TCP.</summary>
    UpperLayer,

    /// <summary>The application wants to hear what becomes of sent bytes.</summary>
    Completions,

    /// <summary>The application has set SO_RCVLOWAT.</summary>
    LowWater,

    /// <summary>The application's socket is a blocking one.</summary>
    Blocking,

    /// <summary>The application's socket has a record already, or none could be had.</summary>
    Storage,

    /// <summary>The map did not take the proxy's socket.</summary>
    Sink,

    /// <summary>The map did not take the application's socket.</summary>
    Sender,
}
