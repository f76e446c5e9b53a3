namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>What stays in the managed engine because of a refusal.</summary>
public enum OffloadScope : byte
{
    /// <summary>The whole program.</summary>
    Program,

    /// <summary>The messages for which it matters: the kernel hands those over undecided, and the managed engine judges them.</summary>
    Message,
}
