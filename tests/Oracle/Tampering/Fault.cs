namespace Sluice.Oracle.Tampering;

/// <summary>What a bad proxy does to each connection, once in each direction.</summary>
public enum Fault
{
    /// <summary>Nothing: an honest relay.</summary>
    None,
    /// <summary>A byte is lost.</summary>
    LosesByte,
    /// <summary>A byte is sent twice.</summary>
    RepeatsByte,
    /// <summary>Two neighbours change places.</summary>
    SwapsBytes,
    /// <summary>One bit is another.</summary>
    FlipsBit,
    /// <summary>A byte comes that nobody sent.</summary>
    AddsByteAtTheEnd,
    /// <summary>The last bytes before a FIN are lost.</summary>
    LosesTail,
    /// <summary>An RST is passed on as a FIN.</summary>
    ResetAsFin,
    /// <summary>A FIN is passed on as an RST.</summary>
    FinAsReset,
    /// <summary>A FIN of one side ends both directions.</summary>
    NoHalfClose,
}
