using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>A verdict for the first bytes of an sk_msg message: bpf_msg_apply_bytes.</summary>
internal static class MessageCut
{
    /// <summary>With framing a message is judged as one: what is left of it does not begin as messages do.</summary>
    internal static bool Allows(VerdictPlan plan, BpfProgramKind kind) => kind == BpfProgramKind.SkMsg && plan.Rules.Framing is null;

    internal static bool IsPossible(VerdictPlan plan, BpfProgramKind kind) =>
        Allows(plan, kind)
        && plan.Rules.Rules.Select(rule => rule.Action).Append(plan.Rules.Otherwise).Any(action => action.ApplyBytes is > 0 and < RuleAction.RestOfStream);

    /// <summary>The kernel goes by what an earlier run on the same message has set, unless it is set again.</summary>
    internal static void Clear(Assembler assembler) => Call(assembler, 0);

    /// <summary>Cuts behind the bytes that were decided on, if there are others; <see cref="EditEmitter.Sent"/> is what has become of them.</summary>
    internal static void Emit(Assembler assembler)
    {
        Label isWhole = assembler.NewLabel("is_whole");
        assembler.Load(OperandSize.DoubleWord, R1, R10, VerdictFrame.Taken);
        assembler.JumpIf(R1, Condition.AboveOrEqual, R7, isWhole);
        assembler.Load(OperandSize.DoubleWord, R2, R10, EditEmitter.Sent);
        Call(assembler, R2);
        assembler.Mark(isWhole);
    }

    private static void Call(Assembler assembler, Operand count)
    {
        assembler.Move(R1, R6);
        assembler.Move(R2, count);
        assembler.Call(Helper.MsgApplyBytes);
    }
}
