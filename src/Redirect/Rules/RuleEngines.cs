namespace Sluice.Redirect.Rules;

/// <summary>What can run rules.</summary>
[Flags]
public enum RuleEngines : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>The managed engine.</summary>
    Managed = 1,
    /// <summary>The kernel, for what a socket receives: BPF_PROG_TYPE_SK_SKB.</summary>
    SkSkb = 2,
    /// <summary>The kernel, for what is sent through a socket: BPF_PROG_TYPE_SK_MSG.</summary>
    SkMsg = 4,
    /// <summary>Every one.</summary>
    All = Managed | SkSkb | SkMsg,
}
