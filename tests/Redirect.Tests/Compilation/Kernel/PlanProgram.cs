using Sluice.Redirect.Bpf;
using Sluice.Redirect.Compilation.Kernel;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>
/// The smallest program around a plan: it judges a message at <see cref="State"/>'s window and offset, commits, and returns
/// what was decided. State is an array map of one value: window, offset, rule, bytes taken (sk_msg), 8 bytes each.
/// </summary>
internal static class PlanProgram
{
    public const int Passed = 1;
    public const int Dropped = 2;
    public const int HandedOver = 3;

    public const int StateSize = 32;

    public static readonly MapReference State = new("state");

    public static ProgramImage Of(BpfPlan plan, BpfProgramKind kind)
    {
        var a = new Assembler();
        var exits = new BpfExits(a.NewLabel("pass"), a.NewLabel("drop"), a.NewLabel("hand_over"));
        a.Move(R6, R1);
        a.Load(OperandSize.Word, R7, R6, kind == BpfProgramKind.SkSkb ? 0 : 68);
        a.JumpIf(R7, Condition.Equal, 0, exits.HandOver);
        a.LoadMapValue(R8, State, 0);
        Copy(a, R8, 0, R10, VerdictFrame.Window);
        Copy(a, R8, 8, R10, VerdictFrame.StreamOffset);
        plan.EmitDecision(a, exits);
        Finish(a, plan, exits, exits.Pass, kind, Passed);
        Finish(a, plan, exits, exits.Drop, kind, Dropped);
        a.Mark(exits.HandOver);
        a.Move(R0, HandedOver);
        a.Exit();
        return a.Build();
    }

    private static void Finish(Assembler a, BpfPlan plan, BpfExits exits, Label exit, BpfProgramKind kind, int result)
    {
        a.Mark(exit);
        plan.EmitCommit(a, exits.HandOver);
        Copy(a, R10, VerdictFrame.Window, R8, 0);
        Copy(a, R10, VerdictFrame.Rule, R8, 16);
        if (kind == BpfProgramKind.SkMsg)
            Copy(a, R10, VerdictFrame.Taken, R8, 24);
        a.Move(R0, result);
        a.Exit();
    }

    private static void Copy(Assembler a, Register from, int fromOffset, Register to, int toOffset)
    {
        a.Load(OperandSize.DoubleWord, R1, from, fromOffset);
        a.Store(OperandSize.DoubleWord, to, toOffset, R1);
    }
}
