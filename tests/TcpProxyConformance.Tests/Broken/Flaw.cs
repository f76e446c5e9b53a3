namespace TcpProxyConformance.Tests.Broken;

/// <summary>The one thing that a proxy does wrong.</summary>
public enum Flaw
{
    /// <summary>Nothing: an honest relay, which shows that it is the flaw that is seen.</summary>
    None,

    /// <summary>A byte in the second megabyte of a stream is lost.</summary>
    LosesByte,

    /// <summary>There one is sent twice.</summary>
    RepeatsByte,

    /// <summary>There two neighbours change places.</summary>
    SwapsBytes,

    /// <summary>The last byte of a stream of more than a megabyte is lost.</summary>
    LosesLastByte,

    /// <summary>The last byte of a message waits for the next one, from the 100th of a stream on.</summary>
    HoldsByteBack,

    /// <summary>RST is passed on as FIN.</summary>
    ResetAsFin,

    /// <summary>FIN is passed on as RST.</summary>
    FinAsReset,

    /// <summary>An RST is passed on not at all, and what comes for who sent it is thrown away.</summary>
    IgnoresResets,

    /// <summary>A FIN of one side ends both directions.</summary>
    NoHalfClose,

    /// <summary>What a reader does not take is kept, however much it is.</summary>
    NoBound,

    /// <summary>While one direction of a connection is stuck, so is the other.</summary>
    OneWayAtATime,

    /// <summary>While one connection is stuck, so is that direction of all.</summary>
    OneStuckStopsAll,

    /// <summary>With more than 50 connections open, an upstream's bytes go to another client now and then.</summary>
    MixesConnections,

    /// <summary>The upstream is connected to when the client has said something.</summary>
    WaitsForClient,

    /// <summary>The upstream's connection of a client that has ended without a byte stays.</summary>
    LeavesUpstreamOpen,

    /// <summary>A connection that is silent for four seconds is ended.</summary>
    ShortIdleTimeout,

    /// <summary>A client whose upstream refuses hears nothing.</summary>
    HangsWhenRefused,

    /// <summary>An upstream that has refused is never tried again.</summary>
    NeverComesBack,

    /// <summary>After 350 connections no more is accepted.</summary>
    Leaks,
}
