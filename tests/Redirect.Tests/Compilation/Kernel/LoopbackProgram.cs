using Sluice.Redirect.Bpf;
using Sluice.Redirect.Compilation.Kernel;
using static Sluice.Redirect.Bpf.OperandSize;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>
/// A whole program around a plan for one stream: what passes is redirected to the socket at index 0 of <see cref="Outlets"/>,
/// and what is handed over goes where it would without a program, like all that follows it; with sk_msg by a redirect to the socket
/// that sends it, at index 1, since what came before it in its message was redirected too.
/// </summary>
internal static class LoopbackProgram
{
    public static readonly MapReference State = new("state");
    public static readonly MapReference Outlets = new("outlets");

    public static ProgramImage Of(BpfPlan plan, BpfProgramKind kind)
    {
        bool isSkb = kind == BpfProgramKind.SkSkb;
        var a = new Assembler();
        var exits = new BpfExits(a.NewLabel("pass"), a.NewLabel("drop"), a.NewLabel("hand_over"));
        Label end = a.NewLabel("end");
        Label failed = a.NewLabel("failed");
        a.Move(R6, R1);
        a.Load(Word, R7, R6, isSkb ? 0 : 68);
        a.JumpIf(R7, Condition.Equal, 0, end);
        a.LoadMapValue(R8, State, 0);
        a.Load(DoubleWord, R1, R8, LoopbackState.OfHandedOver);
        a.JumpIf(R1, Condition.NotEqual, 0, exits.HandOver);
        Log(a, exits.HandOver);
        Copy(a, R8, LoopbackState.OfWindow, R10, VerdictFrame.Window);
        Copy(a, R8, LoopbackState.OfStreamOffset, R10, VerdictFrame.StreamOffset);
        plan.EmitDecision(a, exits);

        a.Mark(exits.Pass);
        Redirect(a, isSkb, 0);
        a.JumpIf(R0, Condition.NotEqual, 1, failed);
        plan.EmitCommit(a, exits.HandOver);
        Keep(a, isSkb);
        a.Move(R0, 1);
        a.Exit();

        a.Mark(exits.Drop);
        if (!isSkb)
            TakeOut(a, exits.HandOver);
        plan.EmitCommit(a, exits.HandOver);
        Keep(a, isSkb);
        a.Mark(end);
        // The kernel's end of stream: there is nothing to pass on.
        a.Move(R0, isSkb ? 0 : 1);
        a.Exit();

        a.Mark(failed);
        Add(a, LoopbackState.OfFailed, 1);
        a.Mark(exits.HandOver);
        Add(a, LoopbackState.OfHandedOver, R7);
        if (isSkb)
            a.Move(R0, 1);
        else
            Redirect(a, isSkb, 1);
        a.Exit();
        return a.Build();
    }

    private static void Redirect(Assembler a, bool isSkb, int to)
    {
        a.Move(R1, R6);
        a.LoadMap(R2, Outlets);
        a.Move(R3, to);
        a.Move(R4, 0);
        a.Call(isSkb ? Helper.SkRedirectMap : Helper.MsgRedirectMap);
    }

    // A message of which nothing is left is sent as nothing, and its sender is told that it was sent.
    private static void TakeOut(Assembler a, Label failed)
    {
        a.Move(R1, R6);
        a.Move(R2, 0);
        a.Move(R3, R7);
        a.Move(R4, 0);
        a.Call(Helper.MsgPopData);
        a.JumpIf(R0, Condition.NotEqual, 0, failed);
    }

    private static void Log(Assembler a, Label full)
    {
        a.Load(DoubleWord, R1, R8, LoopbackState.OfRuns);
        a.JumpIf(R1, Condition.AboveOrEqual, LoopbackState.MostRuns, full);
        a.Move(R2, R1);
        a.ShiftLeft(R2, 3);
        a.Move(R3, R8);
        a.Add(R3, R2);
        a.Store(DoubleWord, R3, LoopbackState.OfLog, R7);
        a.Add(R1, 1);
        a.Store(DoubleWord, R8, LoopbackState.OfRuns, R1);
    }

    private static void Keep(Assembler a, bool isSkb)
    {
        Copy(a, R10, VerdictFrame.Window, R8, LoopbackState.OfWindow);
        if (!isSkb)
            a.Load(DoubleWord, R7, R10, VerdictFrame.Taken);
        Add(a, LoopbackState.OfStreamOffset, R7);
    }

    private static void Add(Assembler a, int field, Operand count)
    {
        a.Load(DoubleWord, R2, R8, field);
        a.Add(R2, count);
        a.Store(DoubleWord, R8, field, R2);
    }

    private static void Copy(Assembler a, Register from, int fromOffset, Register to, int toOffset)
    {
        a.Load(DoubleWord, R1, from, fromOffset);
        a.Store(DoubleWord, to, toOffset, R1);
    }
}
