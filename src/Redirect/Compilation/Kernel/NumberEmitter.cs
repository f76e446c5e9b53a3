using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Tests of bytes as a number.</summary>
internal sealed class NumberEmitter(Assembler assembler, WindowEmitter window, BpfProgramKind kind)
{
    /// <summary>With fewer bytes it is unknown if the program <paramref name="waits"/>, else false.</summary>
    internal void Emit(BytesAsNumberTest test, bool waits, in Branches to)
    {
        assembler.JumpIfShorter(kind, test.Offset + test.Width, waits ? to.Unknown : to.False);
        window.Load(test.Offset, test.Width);
        if (!test.IsLittleEndian && test.Width > 1)
            assembler.ToBigEndian(R1, 8 * test.Width);
        Mask(test.Mask, test.Width);
        Label isIn = to.True;
        new RangeTree(assembler, R1, R2).Emit(test.Values.Ranges, _ => isIn, to.False, to.Next);
    }

    private void Mask(ulong mask, int width)
    {
        ulong all = ulong.MaxValue >> (64 - (8 * width));
        if ((mask & all) == all)
            return;

        if (mask <= int.MaxValue)
        {
            assembler.And(R1, (int)mask);
            return;
        }

        assembler.MoveWide(R2, mask);
        assembler.And(R1, R2);
    }
}
