using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// Lets through what is exactly one message of a program with framing, and hands everything else over: the kernel has one verdict
/// for all bytes that it sees together, and none for a part of a message. So a stream is at a message's end whenever it changes
/// engines, and no parser has a state to take along.
/// </summary>
internal sealed class FrameEmitter(Assembler assembler, WindowEmitter window, int maxMessage, Label handOver)
{
    private const int MostInVarint = 4;

    /// <summary>Where the bytes are that say how long a message is: (offset, count); null where none do.</summary>
    internal static (int Offset, int Count)? Header(Framing? framing) => framing is LengthPrefix prefix
        ? (prefix.Offset, prefix.Format == LengthFormat.Varint ? MostInVarint : (int)prefix.Format)
        : null;

    /// <summary>R0 to R5 are lost.</summary>
    internal void Emit(Framing framing)
    {
        assembler.Comment("is it one message?");
        assembler.JumpIf(R7, Condition.Above, maxMessage, handOver);
        switch (framing)
        {
            case FixedLength one:
                assembler.JumpIf(R7, Condition.NotEqual, one.Bytes, handOver);
                break;
            case LengthPrefix { Format: LengthFormat.Varint } prefix:
                EmitVarint(prefix);
                break;
            case LengthPrefix prefix:
                EmitNumber(prefix, (int)prefix.Format);
                break;
        }
    }

    private void EmitNumber(LengthPrefix prefix, int width)
    {
        assembler.JumpIf(R7, Condition.Below, prefix.Offset + width, handOver);
        window.Load(prefix.Offset, width);
        if (!prefix.IsLittleEndian && width > 1)
        {
            int bits = width == 3 ? 32 : 8 * width;
            assembler.ToBigEndian(R1, bits);
            if (bits > 8 * width)
                assembler.ShiftRight(R1, bits - (8 * width));
        }

        EmitComparison(prefix, R1, width);
    }

    private void EmitVarint(LengthPrefix prefix)
    {
        Label isOne = assembler.NewLabel("is_one_message");
        assembler.Move(R3, 0);
        for (int i = 0; i < MostInVarint; i++)
        {
            Label follows = i == MostInVarint - 1 ? handOver : assembler.NewLabel("byte_follows");
            assembler.JumpIf(R7, Condition.Below, prefix.Offset + i + 1, handOver);
            window.Load(prefix.Offset + i, 1);
            assembler.Move(R4, R1);
            assembler.And(R4, 0x7F);
            assembler.ShiftLeft(R4, 7 * i);
            assembler.Or(R3, R4);
            assembler.JumpIf(R1, Condition.AboveOrEqual, 0x80, follows);
            EmitComparison(prefix, R3, i + 1);
            if (i == MostInVarint - 1)
                continue;

            assembler.Jump(isOne);
            assembler.Mark(follows);
        }

        assembler.Mark(isOne);
    }

    // Is the number what is left of the length once all is subtracted that is added to it?
    private void EmitComparison(LengthPrefix prefix, Register number, int width)
    {
        long added = (long)prefix.Adjustment + (prefix.IncludesHeader ? 0 : prefix.Offset + width);
        assembler.Move(R2, R7);
        assembler.MoveWide(R4, (ulong)added);
        assembler.Subtract(R2, R4);
        assembler.JumpIf(R2, Condition.Less, 0, handOver);
        assembler.JumpIf(number, Condition.NotEqual, R2, handOver);
    }
}
