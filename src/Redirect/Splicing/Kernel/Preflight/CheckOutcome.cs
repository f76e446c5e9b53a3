namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>How a check of the preflight came out.</summary>
public enum CheckOutcome : byte
{
    /// <summary>As it must be.</summary>
    Passed = 0,
    /// <summary>Not as it must be: the kernel does not get connections.</summary>
    Failed,
    /// <summary>Not looked at, or nothing to look at; says nothing against the kernel by itself.</summary>
    Skipped,
}
