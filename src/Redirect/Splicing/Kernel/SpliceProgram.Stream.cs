using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Splicing.Kernel;

// Where an skb lies in its stream.
internal sealed partial class SpliceProgram
{
    // The kernel hands over whole skbs, also where a retransmission overlaps what was delivered before, or where the head was
    // partly received before the socket came into the map.
    private void ContinueStream()
    {
        Label known = _code.NewLabel("sequence_known");
        Label continues = _code.NewLabel("continues");
        _code.Load(OperandSize.Word, Register.R9, Register.R6, SequenceAt);
        _code.Load(OperandSize.Word, Register.R1, Register.R8, SpliceRecord.HasSequenceAt);
        _code.JumpIf(Register.R1, Condition.NotEqual, 0, known);
        _code.Comment("the first: the stream goes on where user space has stopped receiving");
        _code.Load(OperandSize.DoubleWord, Register.R1, Register.R6, SocketAt);
        _code.JumpIf(Register.R1, Condition.Equal, 0, _gap);
        _code.Call(Helper.SkcToTcpSock);
        _code.JumpIf(Register.R0, Condition.Equal, 0, _gap);
        _code.Load(OperandSize.Word, Register.R1, Register.R0, _fields.CopiedSequence);
        _code.Store(OperandSize.Word, Register.R8, SpliceRecord.NextSequenceAt, Register.R1);
        _code.StoreImmediate(OperandSize.Word, Register.R8, SpliceRecord.HasSequenceAt, 1);

        _code.Mark(known);
        _code.Load(OperandSize.Word, Register.R2, Register.R8, SpliceRecord.NextSequenceAt);
        _code.Move32(Register.R1, Register.R2);
        _code.Subtract32(Register.R1, Register.R9);
        _code.JumpIf32(Register.R1, Condition.Less, 0, _gap);
        _code.Comment("nothing new: TCP queues no such skb");
        _code.JumpIf(Register.R1, Condition.AboveOrEqual, Register.R7, _drop);
        _code.Add32(Register.R9, Register.R7);
        _code.Store(OperandSize.Word, Register.R8, SpliceRecord.NextSequenceAt, Register.R9);
        _code.JumpIf(Register.R1, Condition.Equal, 0, continues);
        _code.Subtract(Register.R7, Register.R1);
        _code.Move(Register.R9, Register.R1);
        Count(OperandSize.Word, SpliceRecord.OverlapsAt);
        Trim(continues);
        _code.Mark(continues);
    }

    // A call takes 4095 bytes at most. What gathers in one skb while nobody receives is limited by its fragments, to about half a
    // megabyte.
    private void Trim(Label trimmed)
    {
        const int MostBytes = 4095;
        const int MostCalls = 256;
        Label again = _code.NewLabel("trim");
        Label rest = _code.NewLabel("rest");
        _code.Store(OperandSize.DoubleWord, Register.R10, StateSlot, Register.R7);
        _code.Move(Register.R7, MostCalls);
        _code.Comment("the last call is apart: in one loop with it the verifier's work would grow with the square of the calls");
        _code.Mark(again);
        _code.JumpIf(Register.R9, Condition.BelowOrEqual, MostBytes, rest);
        _code.Subtract(Register.R9, MostBytes);
        _code.Move(Register.R2, -MostBytes);
        AdjustRoom();
        _code.Subtract(Register.R7, 1);
        _code.JumpIf(Register.R7, Condition.NotEqual, 0, again);
        _code.Jump(_gap);

        _code.Mark(rest);
        _code.Move(Register.R2, Register.R9);
        _code.Negate(Register.R2);
        AdjustRoom();
        _code.Load(OperandSize.DoubleWord, Register.R7, Register.R10, StateSlot);
        _code.Jump(trimmed);
    }

    private void AdjustRoom()
    {
        _code.Move(Register.R1, Register.R6);
        _code.Move(Register.R3, 0);
        _code.Move(Register.R4, 0);
        _code.Call(Helper.SkbAdjustRoom);
        _code.JumpIf(Register.R0, Condition.NotEqual, 0, _gap);
    }
}
