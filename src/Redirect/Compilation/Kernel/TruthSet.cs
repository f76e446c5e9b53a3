namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Which of Kleene's values a condition can have in the kernel.</summary>
[Flags]
internal enum TruthSet : byte
{
    None = 0,
    False = 1,
    Unknown = 2,
    True = 4,
    FalseOrTrue = False | True,
    Any = False | Unknown | True,
}
