using System.Buffers.Binary;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// Tests of bytes at one place, eight at a time. A message that ends inside a value may still become it, if what is there is
/// how the value begins.
/// </summary>
internal sealed class BytesEmitter(Assembler assembler, WindowEmitter window, BpfProgramKind kind)
{
    private const int ChunkSize = MessageWindow.BlockSize;

    internal void Emit(BytesTest test, bool waits, in Branches to)
    {
        assembler.JumpIfShorter(kind, test.Offset + 1, waits ? to.Unknown : to.False);
        // The shortest first: where the message is too short for a value, it is too short for those behind it, which cannot be true then.
        byte[][] values = [.. test.Values.Select(value => test.IgnoresCase ? AsciiCase.Fold(value.AsSpan()) : [.. value]).OrderBy(value => value.Length)];
        for (int i = 0; i < values.Length; i++)
        {
            bool isLast = i == values.Length - 1;
            Label other = isLast ? to.False : assembler.NewLabel("other_value");
            EmitValue(test, values[i], waits, isLast, other, to);
            if (!isLast)
                assembler.Mark(other);
        }
    }

    private void EmitValue(BytesTest test, byte[] value, bool waits, bool isLast, Label other, in Branches to)
    {
        bool hasPart = waits && value.Length > 1;
        Label part = hasPart ? assembler.NewLabel("part") : other;
        assembler.JumpIfShorter(kind, test.Offset + value.Length, part);
        for (int at = 0; at < value.Length; at += ChunkSize)
        {
            Chunk chunk = Load(test, value, at);
            assembler.JumpIf(R1, Condition.NotEqual, chunk.Bits, R2, other);
        }

        if (!isLast || hasPart)
            assembler.Jump(to.True);
        else
            to.Go(assembler, to.True);
        if (!hasPart)
            return;

        assembler.Mark(part);
        EmitPart(test, value, other, to.Unknown);
    }

    // The message ends inside the value: in which chunk?
    private void EmitPart(BytesTest test, byte[] value, Label other, Label unknown)
    {
        List<(int At, Label Label)> ends = [];
        int last = (value.Length - 1) / ChunkSize * ChunkSize;
        for (int at = 0; at < last; at += ChunkSize)
        {
            Label end = assembler.NewLabel("end");
            ends.Add((at, end));
            assembler.JumpIfShorter(kind, test.Offset + at + ChunkSize, end);
            Chunk chunk = Load(test, value, at);
            assembler.JumpIf(R1, Condition.NotEqual, chunk.Bits, R2, other);
        }

        EmitEnd(test, value, last, other, unknown);
        foreach ((int at, Label label) in ends)
        {
            assembler.Mark(label);
            EmitEnd(test, value, at, other, unknown);
        }
    }

    // Shifts out what the message does not have of the chunk.
    private void EmitEnd(BytesTest test, byte[] value, int at, Label other, Label unknown)
    {
        assembler.LoadLength(R3, kind);
        assembler.Subtract(R3, test.Offset + at);
        if (at > 0)
            assembler.JumpIf(R3, Condition.Equal, 0, unknown);
        assembler.ShiftLeft(R3, 3);
        assembler.Move(R4, 8 * ChunkSize);
        assembler.Subtract(R4, R3);
        Chunk chunk = Load(test, value, at);
        assembler.MoveWide(R2, chunk.Bits);
        assembler.Xor(R1, R2);
        assembler.ShiftLeft(R1, R4);
        assembler.JumpIf(R1, Condition.NotEqual, 0, other);
        assembler.Jump(unknown);
    }

    private Chunk Load(BytesTest test, byte[] value, int at)
    {
        Chunk chunk = Chunk.Of(value.AsSpan(at, Math.Min(ChunkSize, value.Length - at)), test.IgnoresCase);
        window.Load(test.Offset + at, chunk.Count);
        if (chunk.Case == 0)
            return chunk;

        assembler.MoveWide(R2, chunk.Case);
        assembler.Or(R1, R2);
        return chunk;
    }

    // With the bits of Case set, upper and lower case of a letter are the same, and no other byte is.
    private readonly record struct Chunk(ulong Bits, ulong Case, int Count)
    {
        internal static Chunk Of(ReadOnlySpan<byte> bytes, bool ignoresCase)
        {
            Span<byte> bits = stackalloc byte[ChunkSize];
            Span<byte> letters = stackalloc byte[ChunkSize];
            bits.Clear();
            letters.Clear();
            bytes.CopyTo(bits);
            for (int i = 0; i < bytes.Length; i++)
                letters[i] = ignoresCase && char.IsAsciiLetter((char)bytes[i]) ? (byte)0x20 : (byte)0;
            return new Chunk(BinaryPrimitives.ReadUInt64LittleEndian(bits), BinaryPrimitives.ReadUInt64LittleEndian(letters), bytes.Length);
        }
    }
}
