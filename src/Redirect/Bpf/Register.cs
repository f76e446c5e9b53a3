namespace Sluice.Redirect.Bpf;

/// <summary>A register of the eBPF machine, 64 bits wide; the number is its place in an instruction. <see cref="Assembler"/> says what each is for.</summary>
public enum Register : byte
{
    /// <summary>What a helper or the program returns.</summary>
    R0,
    /// <summary>First argument of a call; the context when the program begins.</summary>
    R1,
    /// <summary>Second argument of a call.</summary>
    R2,
    /// <summary>Third argument of a call.</summary>
    R3,
    /// <summary>Fourth argument of a call.</summary>
    R4,
    /// <summary>Fifth argument of a call.</summary>
    R5,
    /// <summary>Kept across calls; by our convention the context.</summary>
    R6,
    /// <summary>Kept across calls.</summary>
    R7,
    /// <summary>Kept across calls.</summary>
    R8,
    /// <summary>Kept across calls.</summary>
    R9,
    /// <summary>The end of the stack frame; cannot be written.</summary>
    R10,
}
