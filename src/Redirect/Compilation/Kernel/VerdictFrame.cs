namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// Where a plan's code in a larger program keeps things on the stack, as distances from R10: the lower 320 bytes of the 512.
/// The 192 bytes above are the caller's. Registers: R6 the context and R7 the message's length as the context has it, at least
/// 1, which it keeps; R8 the caller's; R9 and R0 to R5 are lost.
/// </summary>
public static class VerdictFrame
{
    /// <summary>
    /// In and out, 8 bytes: for how many bytes the last decision still stands, in the lower 32 bits (0 for none,
    /// <see cref="Rules.RuleAction.RestOfStream"/> for all that is to come), and above them 1 if it is to drop, 0 if to pass.
    /// Out it is what is to be kept for the next message, once this one has been treated as was decided.
    /// </summary>
    public const int Window = -512;

    /// <summary>In, 8 bytes: how many bytes the stream has carried before the message.</summary>
    public const int StreamOffset = -504;

    /// <summary>Out, 8 bytes: the index of the rule that decided, the number of rules for <c>otherwise</c>, or -1 where an earlier decision stood.</summary>
    public const int Rule = -496;

    /// <summary>
    /// Out, 8 bytes, of <see cref="BpfProgramKind.SkMsg"/> only: for how many of the message's bytes the decision is, as they came.
    /// Where that is fewer than all, the kernel runs the program again on the others, as a message of their own.
    /// </summary>
    public const int Taken = -208;

    /// <summary>The message's length as it was judged, for <see cref="BpfProgramKind.SkMsg"/>: bytes may be inserted before shadow rules are tested.</summary>
    internal const int Length = -200;

    /// <summary>For keys of maps; while a message is edited, three slots of eight bytes.</summary>
    internal const int Key = -488;

    /// <summary>A flag for each group around a test. The verifier takes account of what is written to the first byte of a slot.</summary>
    internal const int Flags = -463;
    internal const int MostFlags = 7;

    internal const int Bytes = -456;

    /// <summary>How many bytes of a message a plan can look at, in blocks of eight that begin at multiples of eight.</summary>
    internal const int MostBlocks = 31;
}
