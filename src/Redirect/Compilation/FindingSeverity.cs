namespace Sluice.Redirect.Compilation;

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity : byte
{
    /// <summary>It works, and probably not as it was meant.</summary>
    Warning,
    /// <summary>It cannot be what was meant: the rules are refused.</summary>
    Error,
}
