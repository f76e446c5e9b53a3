using Sluice.Redirect.Bpf;
using Sluice.Redirect.Compilation.Kernel;

namespace Sluice.Redirect.Splicing.Bypass;

// The rules of a listener's program, run where the application sends. docs/decisions/0029.
internal sealed partial class SendProgram
{
    /// <summary>Room that is asked for besides, as rules may insert bytes: twice the most of them.</summary>
    private const int MostInserted = 2 * 4096;

    // The program judges only while the proxy has judged and sent on all that came before: then the place in the record holds, and the proxy
    // does not touch it. What was redirected must be in the sink's queue as well. A message of which a part found no memory would end inside one.
    private void KeepTurn()
    {
        Label isFresh = _code.NewLabel("proxy_has_sent");
        Label isIn = _code.NewLabel("is_in");
        _code.Comment("ordered before the place, which was written before it");
        _code.Move(Register.R2, 0);
        _code.Atomic(AtomicOperation.FetchAdd, OperandSize.DoubleWord, Register.R8, BypassRecord.ForwardedAt, Register.R2);
        _code.Load(OperandSize.Word, Register.R1, Register.R10, SentSlot);
        _code.JumpIf32(Register.R1, Condition.NotEqual, Register.R2, _passFor[BypassPass.Order]);
        _code.Load(_fields, BypassField.WriteSequence, Register.R1, Register.R9);
        _code.Store(OperandSize.Word, Register.R10, SequenceSlot, Register.R1);
        _code.Load(OperandSize.DoubleWord, Register.R2, Register.R8, BypassRecord.SentOnAt);
        _code.Load(OperandSize.DoubleWord, Register.R3, Register.R8, BypassRecord.SeenSentOnAt);
        _code.JumpIf(Register.R2, Condition.NotEqual, Register.R3, isFresh);
        _code.Load(OperandSize.Word, Register.R2, Register.R8, BypassRecord.SinkAfterAt);
        _code.JumpIf32(Register.R1, Condition.Equal, Register.R2, isIn);
        Count(BypassRecord.MismatchesAt, 1);
        _code.Jump(_passFor[BypassPass.Order]);
        _code.Mark(isFresh);
        _code.Mark(isIn);
    }

    // Nothing is counted before the redirect is possible, and nothing is redirected before all that can fail has been done.
    private void Judge(BpfPlan plan)
    {
        Label passed = _code.NewLabel("judged_to_pass");
        Label dropped = _code.NewLabel("judged_to_drop");
        Label giveBack = _code.NewLabel("give_back");
        Label undecided = _passFor[BypassPass.Rules];
        KeepKey();
        _code.Load(OperandSize.Word, Register.R7, Register.R6, SizeAt);
        _code.JumpIf(Register.R7, Condition.Equal, 0, _pass);
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R8, BypassRecord.StandingAt);
        _code.Store(OperandSize.DoubleWord, Register.R10, VerdictFrame.Window, Register.R1);
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R8, BypassRecord.OffsetAt);
        if (!plan.IsFramed)
            _code.JumpIf(Register.R1, Condition.Equal, 0, undecided); // how much of a stream is its first message the proxy decides
        _code.Store(OperandSize.DoubleWord, Register.R10, VerdictFrame.StreamOffset, Register.R1);
        plan.EmitDecision(_code, new BpfExits(passed, dropped, undecided));

        _code.Mark(passed);
        JumpIfPart(undecided);
        RedirectTo(BypassMapNames.Sinks);
        _code.JumpIf(Register.R0, Condition.NotEqual, Pass, _passFor[BypassPass.Sink]);
        plan.EmitCommit(_code, giveBack);
        KeepPlace();
        CountRedirected();
        _code.Load(OperandSize.Word, Register.R1, Register.R10, SequenceSlot);
        _code.Load(OperandSize.Word, Register.R2, Register.R6, SizeAt);
        _code.Add32(Register.R1, Register.R2);
        _code.Store(OperandSize.Word, Register.R8, BypassRecord.SinkAfterAt, Register.R1);
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R8, BypassRecord.SentOnAt);
        _code.Store(OperandSize.DoubleWord, Register.R8, BypassRecord.SeenSentOnAt, Register.R1);
        _code.Return(Pass);

        _code.Mark(dropped);
        JumpIfPart(undecided);
        _code.Comment("what is left is sent as nothing: SK_DROP would end the socket");
        _code.Move(Register.R1, Register.R6);
        _code.Move(Register.R2, 0);
        _code.Move(Register.R3, Register.R7);
        _code.Move(Register.R4, 0);
        _code.Call(Helper.MsgPopData);
        _code.JumpIf(Register.R0, Condition.NotEqual, 0, undecided);
        plan.EmitCommit(_code, undecided);
        KeepPlace();
        Count(BypassRecord.DroppedAt, 1);
        _code.Return(Pass);

        _code.Mark(giveBack);
        _code.Comment("the redirect stands, and can only be changed: to the socket that sends, where nothing judges it again");
        RedirectTo(BypassMapNames.Senders);
        _code.Jump(undecided);
    }

    // Between two parts the kernel lets go of the sender's lock, and another thread's message would come between them.
    private void JumpIfPart(Label label)
    {
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R10, VerdictFrame.Taken);
        _code.JumpIf(Register.R1, Condition.NotEqual, Register.R7, label);
    }

    private void KeepPlace()
    {
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R10, VerdictFrame.Window);
        _code.Store(OperandSize.DoubleWord, Register.R8, BypassRecord.StandingAt, Register.R1);
        Count(BypassRecord.OffsetAt, Register.R7);
    }
}
