using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// Writes what <see cref="VerdictPlan"/> decides, up to where the program around it goes on. There is no verdict for a part of
/// an skb, so where a decision is for a part it is handed over. Of an sk_msg message the first bytes may have one of their own
/// (bpf_msg_apply_bytes), and the program runs again on the others. A window that goes beyond the message is ours to keep all the
/// same: the program around has to see each send, for its offset and its room.
/// </summary>
internal sealed class DecisionEmitter(Assembler assembler, VerdictPlan plan, BpfProgramKind kind, BpfExits exits)
{
    internal void Emit(ConditionEmitter conditions)
    {
        Label judge = assembler.NewLabel("judge");
        if (MessageCut.IsPossible(plan, kind))
            MessageCut.Clear(assembler);
        if (plan.Rules.Framing is { } framing)
        {
            conditions.Window.Fill(exits.HandOver);
            new FrameEmitter(assembler, conditions.Window, plan.Rules.MaxMessage, exits.HandOver).Emit(framing);
        }

        EmitWindow(judge);
        assembler.Mark(judge);
        if (plan.Rules.Framing is null)
            conditions.Window.Fill(exits.HandOver);
        conditions.Begin();

        Label pass = assembler.NewLabel("passes");
        Label drop = assembler.NewLabel("drops");
        Label[] decided = [.. Enumerable.Range(0, plan.Rules.Rules.Length + 1).Select(rule => assembler.NewLabel($"decided_{rule}"))];
        for (int i = 0; i < plan.Rules.Rules.Length; i++)
        {
            if (plan.Rules.Rules[i].IsShadow)
                continue;

            Label next = assembler.NewLabel("next_rule");
            assembler.Comment($"rule {plan.Rules.Rules[i].Name}");
            conditions.Emit(plan.NodeOf(i), new Branches(decided[i], next, exits.HandOver, next));
            assembler.Mark(next);
        }

        assembler.Jump(decided[^1]);
        for (int i = 0; i < decided.Length; i++)
        {
            if (i == plan.Rules.Rules.Length || !plan.Rules.Rules[i].IsShadow)
                EmitAction(i, decided[i], pass, drop);
        }

        EmitExit(pass, exits.Pass);
        EmitExit(drop, exits.Drop);
    }

    // An earlier decision may still stand.
    private void EmitWindow(Label judge)
    {
        Label stands = assembler.NewLabel("stands");
        Label isOpen = assembler.NewLabel("is_open");
        bool cuts = MessageCut.Allows(plan, kind);
        Label isShorter = cuts ? assembler.NewLabel("is_shorter") : exits.HandOver;
        assembler.Comment("does an earlier decision stand?");
        assembler.Load(OperandSize.DoubleWord, R1, R10, VerdictFrame.Window);
        assembler.JumpIf(R1, Condition.Equal, 0, judge);
        assembler.Move(R3, R1);
        assembler.ShiftRight(R3, 32);
        if (kind == BpfProgramKind.SkMsg)
            Take(R7);

        assembler.Move32(R2, R1);
        assembler.JumpIf(R2, Condition.Equal, RuleAction.RestOfStream, isOpen);
        assembler.JumpIf(R2, Condition.Below, R7, isShorter);
        assembler.Subtract(R1, R7);
        assembler.JumpIf(R2, Condition.NotEqual, R7, stands);
        assembler.Move(R1, 0);
        assembler.Mark(stands);
        assembler.Store(OperandSize.DoubleWord, R10, VerdictFrame.Window, R1);
        assembler.Mark(isOpen);
        assembler.StoreImmediate(OperandSize.DoubleWord, R10, VerdictFrame.Rule, -1);
        if (cuts)
        {
            assembler.JumpIf(R3, Condition.NotEqual, 0, exits.Drop);
            assembler.Jump(exits.Pass);
            assembler.Mark(isShorter);
            assembler.JumpIf(R3, Condition.NotEqual, 0, exits.HandOver);
            Take(R2);
            assembler.Move(R1, 0);
            assembler.Jump(stands);
            return;
        }

        assembler.JumpIf(R3, Condition.NotEqual, 0, exits.Drop);
        assembler.Jump(exits.Pass);
    }

    private void EmitAction(int rule, Label decided, Label pass, Label drop)
    {
        RuleAction action = plan.ActionOf(rule);
        assembler.Mark(decided);
        if (ActionRefusals.Find(action, kind) is not null)
        {
            assembler.Jump(exits.HandOver);
            return;
        }

        int cork = Math.Min(action.CorkBytes, plan.Rules.MaxMessage);
        if (cork > 1 && plan.Rules.Framing is null)
            assembler.JumpIf(R7, Condition.Below, cork, exits.HandOver);
        EmitNewWindow(action);
        assembler.Store(OperandSize.DoubleWord, R10, VerdictFrame.Window, R1);
        assembler.StoreImmediate(OperandSize.DoubleWord, R10, VerdictFrame.Rule, rule);
        assembler.Jump(action.Verdict == RuleVerdict.Drop ? drop : pass);
    }

    // Which rule it was is no reason to verify what follows once for each.
    private void EmitExit(Label decided, Label exit)
    {
        assembler.Mark(decided);
        assembler.Forget(VerdictFrame.Rule);
        assembler.Jump(exit);
    }

    // R1 = the window that is left behind this message.
    private void EmitNewWindow(RuleAction action)
    {
        ulong drop = action.Verdict == RuleVerdict.Drop ? WindowCode.DropBit : 0;
        if (kind == BpfProgramKind.SkMsg)
            Take(R7);
        if (action.ApplyBytes is 0 or RuleAction.RestOfStream)
        {
            assembler.MoveWide(R1, action.ApplyBytes == 0 ? 0 : RuleAction.RestOfStream | drop);
            return;
        }

        Label isOver = assembler.NewLabel("is_over");
        assembler.Move(R1, action.ApplyBytes);
        if (drop == 0 && MessageCut.Allows(plan, kind))
        {
            EmitCut(action.ApplyBytes, isOver);
            return;
        }

        assembler.JumpIf(R1, Condition.Below, R7, exits.HandOver);
        assembler.Subtract(R1, R7);
        if (drop == 0)
            return;

        assembler.JumpIf(R1, Condition.Equal, 0, isOver);
        assembler.MoveWide(R2, drop);
        assembler.Or(R1, R2);
        assembler.Mark(isOver);
    }

    private void EmitCut(int window, Label isOver)
    {
        Label isWhole = assembler.NewLabel("is_whole");
        assembler.JumpIf(R1, Condition.AboveOrEqual, R7, isWhole);
        assembler.StoreImmediate(OperandSize.DoubleWord, R10, VerdictFrame.Taken, window);
        assembler.Move(R1, 0);
        assembler.Jump(isOver);
        assembler.Mark(isWhole);
        assembler.Subtract(R1, R7);
        assembler.Mark(isOver);
    }

    private void Take(Register count) => assembler.Store(OperandSize.DoubleWord, R10, VerdictFrame.Taken, count);
}
