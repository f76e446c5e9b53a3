using Sluice.Redirect.Bpf;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// Writes what follows a decision that has been carried out: a message of sk_msg is edited and cut, the rule is counted, and with
/// it the shadow rules before it that match.
/// </summary>
internal sealed class CommitEmitter(Assembler assembler, VerdictPlan plan, BpfProgramKind kind, MapReference counts)
{
    internal void Emit(ConditionEmitter conditions, Label handOver)
    {
        if (kind == BpfProgramKind.SkMsg)
        {
            new EditEmitter(assembler, plan).Emit(handOver);
            if (MessageCut.IsPossible(plan, kind))
                MessageCut.Emit(assembler);
        }

        EmitCounts(conditions);
    }

    private void EmitCounts(ConditionEmitter conditions)
    {
        Label stood = assembler.NewLabel("stood");
        Label count = assembler.NewLabel("count");
        assembler.Load(OperandSize.DoubleWord, R1, R10, VerdictFrame.Rule);
        assembler.JumpIf(R1, Condition.Less, 0, stood);
        for (int i = 0; i < plan.Rules.Rules.Length; i++)
        {
            if (plan.Rules.Rules[i].IsShadow)
                EmitShadow(conditions, i, count);
        }

        assembler.Mark(count);
        assembler.Load(OperandSize.DoubleWord, R1, R10, VerdictFrame.Rule);
        assembler.Store(OperandSize.Word, R10, VerdictFrame.Key, R1);
        EmitCount();
        assembler.Mark(stood);
    }

    // One that would need more bytes does not match.
    private void EmitShadow(ConditionEmitter conditions, int rule, Label count)
    {
        Label matches = assembler.NewLabel("matches");
        Label next = assembler.NewLabel("next_shadow");
        assembler.Comment($"shadow rule {plan.Rules.Rules[rule].Name}");
        assembler.Load(OperandSize.DoubleWord, R1, R10, VerdictFrame.Rule);
        assembler.JumpIf(R1, Condition.Below, rule, count);
        conditions.Emit(plan.NodeOf(rule), new Branches(matches, next, next, matches));
        assembler.Mark(matches);
        assembler.StoreImmediate(OperandSize.Word, R10, VerdictFrame.Key, rule);
        EmitCount();
        assembler.Mark(next);
    }

    // A program that was interrupted on this CPU by another counts there too: so also here it takes an atomic addition.
    private void EmitCount()
    {
        Label none = assembler.NewLabel("none");
        assembler.LoadMap(R1, counts);
        assembler.Move(R2, R10);
        assembler.Add(R2, VerdictFrame.Key);
        assembler.Call(Helper.MapLookupElem);
        assembler.JumpIf(R0, Condition.Equal, 0, none);
        assembler.Move(R1, 1);
        assembler.Atomic(AtomicOperation.Add, OperandSize.DoubleWord, R0, 0, R1);
        assembler.Mark(none);
    }
}
