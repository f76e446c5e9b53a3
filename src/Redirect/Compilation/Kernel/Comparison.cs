using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Comparisons with numbers of 64 bits, for which an instruction has no room.</summary>
internal static class Comparison
{
    /// <summary>Jumps if the condition holds of a register and a number; <paramref name="spare"/> is lost where the number is large.</summary>
    internal static void JumpIf(this Assembler assembler, Register left, Condition condition, ulong number, Register spare, Label label)
    {
        if ((ulong)(int)number == number)
        {
            assembler.JumpIf(left, condition, (int)number, label);
            return;
        }

        assembler.MoveWide(spare, number);
        assembler.JumpIf(left, condition, spare, label);
    }
}
