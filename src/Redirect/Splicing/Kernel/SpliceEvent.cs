namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>What the program tells user space through the ring: eight bytes, the record's index and one of these.</summary>
internal enum SpliceEvent : uint
{
    /// <summary>The stream was given back to user space.</summary>
    Demoted = 1,

    /// <summary>An skb did not continue the stream.</summary>
    Gap = 2,
}
