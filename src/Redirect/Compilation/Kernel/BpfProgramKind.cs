namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Which programs of the kernel a plan is written for.</summary>
public enum BpfProgramKind : byte
{
    /// <summary>BPF_PROG_TYPE_SK_SKB as a stream verdict without a parser: a message is what one skb holds.</summary>
    SkSkb,

    /// <summary>BPF_PROG_TYPE_SK_MSG: a message is what one call sends. Takes CAP_PERFMON as well.</summary>
    SkMsg,
}
