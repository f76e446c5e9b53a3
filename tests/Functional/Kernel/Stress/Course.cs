namespace Sluice.Functional.Stress;

/// <summary>What the two ends of a connection do, and in which order.</summary>
internal enum Course
{
    /// <summary>Both directions at once, each with its own FIN.</summary>
    Both,

    /// <summary>The server sends when the client's FIN has come.</summary>
    ClientFirst,

    /// <summary>The client sends when the server's FIN has come.</summary>
    ServerFirst,

    /// <summary>Message and answer, of any size, time after time.</summary>
    PingPong,

    /// <summary>The client reads nothing of a long stream until all of its own has arrived.</summary>
    ClientHolds,

    /// <summary>The server reads nothing of a long stream until all of its own has arrived.</summary>
    ServerHolds,

    /// <summary>The client resets in the midst of everything.</summary>
    ClientResets,

    /// <summary>The server resets in the midst of everything.</summary>
    ServerResets,

    /// <summary>Both directions at once, with bytes sent as urgent among the others.</summary>
    Urgent,
}
