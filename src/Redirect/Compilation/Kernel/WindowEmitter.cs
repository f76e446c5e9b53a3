using Sluice.Redirect.Bpf;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Copies the bytes that a plan looks at to the stack, and reads them there. Machines are little-endian.</summary>
internal sealed class WindowEmitter(Assembler assembler, MessageWindow window, BpfProgramKind kind)
{
    private const int BlockSize = MessageWindow.BlockSize;

    /// <summary>Copies as many of the bytes as there are; R9 is lost.</summary>
    internal void Fill(Label handOver)
    {
        foreach ((int offset, int count) in window.Segments())
        {
            assembler.Comment($"bytes {offset} to {offset + count - 1} of the message");
            int place = window.PlaceOf(offset / BlockSize);
            // Where fewer are copied, the verifier would call the others uninitialised.
            for (int i = 0; i < count; i += BlockSize)
                assembler.StoreImmediate(OperandSize.DoubleWord, R10, place + i, 0);

            Label isShorter = assembler.NewLabel("is_shorter");
            Label atMost = assembler.NewLabel("at_most");
            assembler.Move(R9, R7);
            if (offset > 0)
                assembler.Subtract(R9, offset);
            assembler.JumpIf(R9, Condition.Less, 1, isShorter);
            assembler.JumpIf(R9, Condition.BelowOrEqual, count, atMost);
            assembler.Move(R9, count);
            assembler.Mark(atMost);
            if (kind == BpfProgramKind.SkSkb)
                CopyFromSkb(offset, place);
            else
                CopyFromMessage(offset, place, handOver);
            assembler.JumpIf(R0, Condition.NotEqual, 0, handOver);
            assembler.Mark(isShorter);
        }
    }

    /// <summary>R1 = up to eight bytes of the message as a little-endian number, 0 where the message is shorter. R2 is lost.</summary>
    internal void Load(int offset, int count)
    {
        int block = offset / BlockSize;
        int start = offset % BlockSize;
        int place = window.PlaceOf(block);
        if (start % count == 0 && SizeOf(count) is { } size)
        {
            assembler.Load(size, R1, R10, place + start);
            return;
        }

        assembler.Load(OperandSize.DoubleWord, R1, R10, place);
        int behind = BlockSize - start - count;
        if (behind > 0)
            assembler.ShiftLeft(R1, 8 * behind);
        if (behind >= 0)
        {
            assembler.ShiftRight(R1, 8 * (BlockSize - count));
            return;
        }

        assembler.ShiftRight(R1, 8 * start);
        assembler.Load(OperandSize.DoubleWord, R2, R10, window.PlaceOf(block + 1));
        assembler.ShiftLeft(R2, 8 * (BlockSize + behind));
        if (count < BlockSize)
            assembler.ShiftRight(R2, 8 * (BlockSize - count));
        assembler.Or(R1, R2);
    }

    private static OperandSize? SizeOf(int count) => count switch
    {
        1 => OperandSize.Byte,
        2 => OperandSize.Half,
        4 => OperandSize.Word,
        8 => OperandSize.DoubleWord,
        _ => null,
    };

    private void CopyFromSkb(int offset, int place)
    {
        assembler.Move(R1, R6);
        assembler.Move(R2, offset);
        assembler.Move(R3, R10);
        assembler.Add(R3, place);
        assembler.Move(R4, R9);
        assembler.Call(Helper.SkbLoadBytes);
    }

    // After the pull the message's data pointer is at the first of these bytes, and all of them lie together.
    private void CopyFromMessage(int offset, int place, Label handOver)
    {
        assembler.Move(R1, R6);
        assembler.Move(R2, offset);
        assembler.Move(R3, R9);
        assembler.Add(R3, offset);
        assembler.Move(R4, 0);
        assembler.Call(Helper.MsgPullData);
        assembler.JumpIf(R0, Condition.NotEqual, 0, handOver);
        assembler.Load(OperandSize.DoubleWord, R3, R6, ContextField.MessageData);
        assembler.Move(R1, R10);
        assembler.Add(R1, place);
        assembler.Move(R2, R9);
        assembler.Call(Helper.ProbeReadKernel);
    }
}
