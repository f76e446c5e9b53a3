using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// The verifier follows every path for which it knows other values, and a number that was compared is known differently on
/// each side. A plan is all comparisons, so what it compares often is hidden: it is read again each time from where the
/// verifier keeps no account, the context or bytes of the stack that were not written as one number. Paths then join again
/// behind each test, and a plan is verified in a time that grows with its length only.
/// </summary>
internal static class Forgetting
{
    /// <summary>Makes the verifier forget the number in a slot of eight bytes; R1 is lost.</summary>
    internal static void Forget(this Assembler assembler, int slot)
    {
        assembler.Load(OperandSize.Byte, Register.R1, Register.R10, slot + 1);
        assembler.Store(OperandSize.Byte, Register.R10, slot + 1, Register.R1);
    }

    /// <summary>Loads the message's length anew.</summary>
    internal static void LoadLength(this Assembler assembler, Register register, BpfProgramKind kind)
    {
        if (kind == BpfProgramKind.SkMsg)
            assembler.Load(OperandSize.DoubleWord, register, Register.R10, VerdictFrame.Length);
        else
            assembler.Load(OperandSize.Word, register, Register.R6, ContextField.Of(kind).Length);
    }

    /// <summary>Jumps if the message has fewer bytes; R5 is lost.</summary>
    internal static void JumpIfShorter(this Assembler assembler, BpfProgramKind kind, int count, Label label)
    {
        assembler.LoadLength(Register.R5, kind);
        assembler.JumpIf(Register.R5, Condition.Below, count, label);
    }
}
