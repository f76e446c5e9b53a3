namespace Sluice.Redirect.Rules;

/// <summary>What a rule does with the bytes it matches.</summary>
public enum RuleVerdict : byte
{
    /// <summary>They go on to the other side of their own connection.</summary>
    Pass,
    /// <summary>They vanish.</summary>
    Drop,
    /// <summary>They go to a connection of another cluster.</summary>
    Redirect,
    /// <summary>The connection ends with RST on all sides. No counterpart in the kernel.</summary>
    Reset,
}
