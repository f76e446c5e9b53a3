using Sluice.Redirect.Bpf;
using Sluice.Redirect.Compilation.Kernel;

namespace Sluice.Redirect.Splicing.Kernel;

// The rules of a listener's program, run before a redirect.
internal sealed partial class SpliceProgram
{
    // What the plan leaves undecided, and what it decides where the bytes then have no room, user space judges: nothing is
    // committed before the bytes are on their way.
    private void Judge(BpfPlan plan)
    {
        Label passed = _code.NewLabel("judged_to_pass");
        Label dropped = _code.NewLabel("judged_to_drop");
        Label undecided = _code.NewLabel("undecided");
        _code.Store(OperandSize.DoubleWord, Register.R10, StateSlot, Register.R9);
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R8, SpliceRecord.StandingAt);
        _code.Store(OperandSize.DoubleWord, Register.R10, VerdictFrame.Window, Register.R1);
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R8, SpliceRecord.OffsetBaseAt);
        _code.Load(OperandSize.DoubleWord, Register.R2, Register.R8, SpliceRecord.RedirectedAt);
        _code.Add(Register.R1, Register.R2);
        _code.Load(OperandSize.DoubleWord, Register.R2, Register.R8, SpliceRecord.DroppedAt);
        _code.Add(Register.R1, Register.R2);
        _code.Store(OperandSize.DoubleWord, Register.R10, VerdictFrame.StreamOffset, Register.R1);
        plan.EmitDecision(_code, new BpfExits(passed, dropped, undecided));

        _code.Mark(dropped);
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R8, SpliceRecord.DroppedAt);
        _code.Add(Register.R1, Register.R7);
        _code.Store(OperandSize.DoubleWord, Register.R8, SpliceRecord.DroppedAt, Register.R1);
        Commit(plan);
        _code.Return(Drop);

        _code.Mark(undecided);
        _code.Load(OperandSize.DoubleWord, Register.R9, Register.R10, StateSlot);
        _code.Jump(_demote);
        _code.Mark(passed);
        _code.Load(OperandSize.DoubleWord, Register.R9, Register.R10, StateSlot);
    }

    private void Commit(BpfPlan plan)
    {
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R10, VerdictFrame.Window);
        _code.Store(OperandSize.DoubleWord, Register.R8, SpliceRecord.StandingAt, Register.R1);
        plan.EmitCommit(_code, _demote);
    }
}
