namespace Sluice.Redirect.Bpf;

public sealed partial class Assembler
{
    /// <summary>Goes on at a label.</summary>
    public void Jump(Label label)
    {
        Aimed(label);
        Emit(Opcode.Goto);
    }

    /// <summary>Goes on at a label if the condition holds of left and right.</summary>
    public void JumpIf(Register left, Condition condition, Operand right, Label label) =>
        JumpIf(Opcode.ClassJump, left, condition, right, label);

    /// <summary>Goes on at a label if the condition holds of the lower halves of left and right.</summary>
    public void JumpIf32(Register left, Condition condition, Operand right, Label label) =>
        JumpIf(Opcode.ClassJump32, left, condition, right, label);

    /// <summary>Calls a helper of the kernel: R0 = helper(R1 to R5).</summary>
    public void Call(Helper helper) => Emit(Opcode.Call, immediate: (int)helper);

    /// <summary>Calls a function of the kernel by its number in the kernel's own BTF, which each build of a kernel numbers anew.</summary>
    public void CallKernelFunction(int btfId) => Emit(Opcode.Call, source: Opcode.IsKernelFunction, immediate: btfId);

    /// <summary>Ends the program; its result is R0.</summary>
    public void Exit() => Emit(Opcode.Exit);

    private void JumpIf(byte jumpClass, Register left, Condition condition, Operand right, Label label)
    {
        Aimed(label);
        if (right.IsRegister)
            Emit(jumpClass | (byte)condition | Opcode.FromRegister, left, right.Register);
        else
            Emit(jumpClass | (byte)condition, left, immediate: right.Number);
    }

    private void Aimed(Label label)
    {
        CheckOwner(label);
        _jumps.Add((Count, label));
    }
}
