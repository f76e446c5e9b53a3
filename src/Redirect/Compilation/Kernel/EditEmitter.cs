using System.Buffers.Binary;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// Inserts and removes bytes of an sk_msg message as the rule says that has decided. All that can fail comes before the first
/// change: the message is made one piece, so that neither helper runs out of the 17 that it may have, and what is inserted gets
/// its memory. What cannot fail after that ends the socket if it does, as the kernel's SK_DROP: nothing half done is sent.
/// </summary>
internal sealed class EditEmitter(Assembler assembler, VerdictPlan plan)
{
    /// <summary>How many bytes are there instead of <see cref="VerdictFrame.Taken"/>.</summary>
    internal const int Sent = VerdictFrame.Key;

    private const int PushedAt = VerdictFrame.Key + 8;
    private const int ChunkSize = sizeof(ulong);

    /// <summary>R0 to R5 and R9 are lost. To <paramref name="handOver"/> it goes with the message as it came.</summary>
    internal void Emit(Label handOver)
    {
        assembler.Load(OperandSize.DoubleWord, R1, R10, VerdictFrame.Taken);
        assembler.Store(OperandSize.DoubleWord, R10, Sent, R1);
        int[] edits = [.. Enumerable.Range(0, plan.Rules.Rules.Length + 1).Where(IsEdit)];
        if (edits.Length == 0)
            return;

        Label done = assembler.NewLabel("edited");
        Label broken = assembler.NewLabel("broken");
        Label[] labels = [.. edits.Select(rule => assembler.NewLabel($"edit_{rule}"))];
        assembler.Load(OperandSize.DoubleWord, R1, R10, VerdictFrame.Rule);
        for (int i = 0; i < edits.Length; i++)
            assembler.JumpIf(R1, Condition.Equal, edits[i], labels[i]);
        assembler.Jump(done);
        for (int i = 0; i < edits.Length; i++)
        {
            assembler.Mark(labels[i]);
            EmitEdit(plan.ActionOf(edits[i]), handOver, broken);
            assembler.Jump(done);
        }

        assembler.Mark(broken);
        assembler.Move(R0, 0);
        assembler.Exit();
        assembler.Mark(done);
    }

    private bool IsEdit(int rule) =>
        (rule == plan.Rules.Rules.Length || !plan.Rules.Rules[rule].IsShadow)
        && plan.ActionOf(rule) is { Verdict: RuleVerdict.Pass } action && (HasPush(action) || HasPop(action));

    private static bool HasPush(RuleAction action) => action.Push is { Bytes.IsEmpty: false };

    private static bool HasPop(RuleAction action) => action.Pop is { Count: > 0 };

    // R9: how many bytes are removed. Offsets are of what is left when they are, so inserting first means to look behind them.
    private void EmitEdit(RuleAction action, Label handOver, Label broken)
    {
        assembler.Move(R9, 0);
        if (HasPop(action))
            CountPopped(action, handOver);
        Pull(0, R7, handOver);
        if (HasPush(action))
            EmitPush(action, handOver, broken);
        if (HasPop(action))
            EmitPop(action, HasPush(action) ? broken : handOver);
        assembler.Load(OperandSize.DoubleWord, R1, R10, Sent);
        assembler.Subtract(R1, R9);
        if (HasPush(action))
            assembler.Add(R1, action.Push!.Bytes.Length);
        assembler.Store(OperandSize.DoubleWord, R10, Sent, R1);
    }

    // A message of no bytes is none that the kernel could send.
    private void CountPopped(RuleAction action, Label handOver)
    {
        Label counted = assembler.NewLabel("counted");
        assembler.Load(OperandSize.DoubleWord, R1, R10, VerdictFrame.Taken);
        assembler.JumpIf(R1, Condition.BelowOrEqual, action.Pop!.Offset, counted);
        if (action.Pop.Offset == 0 && !HasPush(action))
            assembler.JumpIf(R1, Condition.BelowOrEqual, action.Pop.Count, handOver);
        assembler.Move(R9, R1);
        assembler.Subtract(R9, action.Pop.Offset);
        assembler.JumpIf(R9, Condition.BelowOrEqual, action.Pop.Count, counted);
        assembler.Move(R9, action.Pop.Count);
        assembler.Mark(counted);
    }

    private void EmitPush(RuleAction action, Label handOver, Label broken)
    {
        PushBytes push = action.Push!;
        Label isInside = assembler.NewLabel("is_inside");
        assembler.Load(OperandSize.DoubleWord, R1, R10, VerdictFrame.Taken);
        assembler.Subtract(R1, R9);
        assembler.Move(R2, push.Offset);
        assembler.JumpIf(R2, Condition.BelowOrEqual, R1, isInside);
        assembler.Move(R2, R1);
        assembler.Mark(isInside);
        if (HasPop(action))
        {
            Label isBefore = assembler.NewLabel("is_before");
            assembler.JumpIf(R2, Condition.BelowOrEqual, action.Pop!.Offset, isBefore);
            assembler.Add(R2, R9);
            assembler.Mark(isBefore);
        }

        assembler.Store(OperandSize.DoubleWord, R10, PushedAt, R2);
        assembler.Move(R1, R6);
        assembler.Move(R3, push.Bytes.Length);
        assembler.Move(R4, 0);
        assembler.Call(Helper.MsgPushData);
        assembler.JumpIf(R0, Condition.NotEqual, 0, handOver);
        assembler.Load(OperandSize.DoubleWord, R2, R10, PushedAt);
        assembler.Move(R3, R2);
        assembler.Add(R3, push.Bytes.Length);
        Pull(R2, R3, broken);
        Write(push.Bytes.AsSpan(), broken);
    }

    private void EmitPop(RuleAction action, Label failed)
    {
        Label none = assembler.NewLabel("nothing_to_pop");
        assembler.JumpIf(R9, Condition.Equal, 0, none);
        assembler.Move(R2, action.Pop!.Offset);
        if (HasPush(action))
        {
            Label isBehind = assembler.NewLabel("is_behind");
            assembler.Load(OperandSize.DoubleWord, R1, R10, PushedAt);
            assembler.JumpIf(R1, Condition.Above, action.Pop.Offset, isBehind);
            assembler.Add(R2, action.Push!.Bytes.Length);
            assembler.Mark(isBehind);
        }

        assembler.Move(R1, R6);
        assembler.Move(R3, R9);
        assembler.Move(R4, 0);
        assembler.Call(Helper.MsgPopData);
        assembler.JumpIf(R0, Condition.NotEqual, 0, failed);
        assembler.Mark(none);
    }

    private void Pull(Operand start, Operand end, Label failed)
    {
        assembler.Move(R1, R6);
        assembler.Move(R2, start);
        assembler.Move(R3, end);
        assembler.Move(R4, 0);
        assembler.Call(Helper.MsgPullData);
        assembler.JumpIf(R0, Condition.NotEqual, 0, failed);
    }

    // The kernel does not clear what it inserts.
    private void Write(ReadOnlySpan<byte> bytes, Label broken)
    {
        assembler.Load(OperandSize.DoubleWord, R1, R6, ContextField.MessageData);
        assembler.Load(OperandSize.DoubleWord, R2, R6, ContextField.MessageDataEnd);
        assembler.Move(R3, R1);
        assembler.Add(R3, bytes.Length);
        assembler.JumpIf(R3, Condition.Above, R2, broken);
        int at = 0;
        for (; at + ChunkSize <= bytes.Length; at += ChunkSize)
        {
            assembler.MoveWide(R2, BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]));
            assembler.Store(OperandSize.DoubleWord, R1, at, R2);
        }

        for (; at < bytes.Length; at++)
            assembler.StoreImmediate(OperandSize.Byte, R1, at, bytes[at]);
    }
}
