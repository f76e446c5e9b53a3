namespace Sluice.Redirect.Verdicts;

/// <summary>What happens to bytes that were judged.</summary>
public enum DecisionKind : byte
{
    /// <summary>They vanish.</summary>
    Drop = 0,

    /// <summary>They go where they were going: to the socket's own reader, or out of the socket.</summary>
    Pass = 1,

    /// <summary>They go to the socket that a redirect helper named.</summary>
    Redirect = 2,

    /// <summary>They vanish, and the connection ends with RST on all sides. No counterpart in the kernel.</summary>
    Reset = 3,
}
