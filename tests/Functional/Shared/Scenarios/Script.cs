namespace Sluice.Functional.Scenarios;

/// <summary>When a side begins to send.</summary>
internal enum Start
{
    AtOnce,
    /// <summary>When it has received something: the other side speaks first.</summary>
    AfterFirstByte,
    /// <summary>When the other side has sent FIN: data on a half-closed connection.</summary>
    AfterFin,
}

/// <summary>How a side ends its sending.</summary>
internal enum Finish
{
    /// <summary>FIN as soon as all is sent; reading goes on.</summary>
    Fin,
    /// <summary>FIN when all is sent and the other side's FIN has come.</summary>
    FinAfterFin,
    /// <summary>RST when all is sent and the other side has received it.</summary>
    RstWhenDelivered,
    /// <summary>RST right behind the last byte. Only for little data, which the receiver's kernel certainly holds by then.</summary>
    RstAtOnce,
    /// <summary>RST when half is sent, whatever of it has arrived.</summary>
    RstInMidstream,
    /// <summary>Nothing: waits for the other side to end the connection.</summary>
    None,
}

/// <summary>What one side of a connection does, fully determined.</summary>
/// <param name="Seed">Of content and chunk sizes.</param>
/// <param name="Bytes">To send in all.</param>
/// <param name="MaxSend">Largest write.</param>
/// <param name="MaxReceive">Largest read.</param>
/// <param name="SendBuffer">SO_SNDBUF; 0 leaves the kernel's.</param>
/// <param name="ReceiveBuffer">SO_RCVBUF; 0 leaves the kernel's.</param>
/// <param name="Pauses">A pause, of a random number of yields up to 50, after one in so many writes and reads; 0 for none.</param>
/// <param name="Start">When it begins to send.</param>
/// <param name="Finish">How it ends.</param>
internal sealed record Script(
    int Seed, int Bytes, int MaxSend, int MaxReceive, int SendBuffer, int ReceiveBuffer, int Pauses, Start Start, Finish Finish)
{
    /// <summary>Milliseconds for which it reads nothing when half has come; 0: it never stops.</summary>
    public int Stall { get; init; }

    /// <summary>Whether it reads nothing until all of its own has been received.</summary>
    public bool Holds { get; init; }

    /// <summary>Whether it ends the connection by RST.</summary>
    public bool Resets => Finish is Finish.RstAtOnce or Finish.RstWhenDelivered or Finish.RstInMidstream;
}

/// <summary>Both sides of a connection.</summary>
internal sealed record Scenario(int Seed, Script Client, Script Server)
{
    /// <summary>Short messages each way, one after the other, before the scripts begin.</summary>
    public int Rounds { get; init; }

    /// <summary>Whether the server speaks first.</summary>
    public bool ServerFirst { get; init; }
}
