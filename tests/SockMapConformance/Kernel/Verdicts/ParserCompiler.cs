using Sluice.Redirect.Bpf;
using static Sluice.Redirect.Bpf.OperandSize;
using static Sluice.Redirect.Bpf.Register;
using Compare = Sluice.Redirect.Bpf.Condition;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>What the kernel runs for a <see cref="ParserSpec"/>.</summary>
internal static class ParserCompiler
{
    public static ProgramImage Compile(ParserSpec parser)
    {
        var a = new Assembler();
        a.Move(R6, R1);
        a.CountRun();
        a.LoadMessageLength(parser, R0);
        a.Exit();
        return a.Build();
    }

    /// <summary>The length that the bytes at hand announce, or 0. The context is in R6.</summary>
    public static void LoadMessageLength(this Assembler a, ParserSpec parser, Register destination)
    {
        if (parser.Length > 0)
        {
            a.Move(destination, parser.Length);
            return;
        }

        Label tooShort = a.NewLabel($"too_short_{a.Count}");
        Label known = a.NewLabel($"known_{a.Count}");
        a.Load(Word, R1, R6, ContextLayout.Skb.Length);
        a.JumpIf(R1, Compare.Below, parser.HeaderBytes, tooShort);
        a.Move(R1, R6);
        a.Move(R2, parser.LengthAt);
        a.Move(R3, R10);
        a.Add(R3, -8);
        a.Move(R4, sizeof(ushort));
        a.Call(Helper.SkbLoadBytes);
        a.JumpIf(R0, Compare.NotEqual, 0, tooShort);
        a.Load(OperandSize.Half, R1, R10, -8);
        a.ToBigEndian(R1, 16);
        a.Add(R1, parser.HeaderBytes);
        a.Move(destination, R1);
        a.Jump(known);
        a.Mark(tooShort);
        a.Move(destination, 0);
        a.Mark(known);
    }

    /// <summary>Counts a run and tells of it. Changes R0 to R5.</summary>
    public static void CountRun(this Assembler a)
    {
        a.Move(R2, 1);
        a.LoadMapValue(R1, ProgramMaps.Counters, 0);
        a.Atomic(AtomicOperation.Add, DoubleWord, R1, 0, R2);
        a.StoreImmediate(DoubleWord, R10, -8, 0);
        a.LoadMap(R1, ProgramMaps.Events);
        a.Move(R2, R10);
        a.Add(R2, -8);
        a.Move(R3, 8);
        a.Move(R4, 0);
        a.Call(Helper.RingbufOutput);
    }
}
