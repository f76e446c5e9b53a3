using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Finds the range that a register's number is in, by halving: as many comparisons as ranges take is what a program cannot afford.</summary>
internal sealed class RangeTree(Assembler assembler, Register number, Register spare)
{
    /// <summary>Goes to <paramref name="found"/> of the range's index, or to <paramref name="missed"/>.</summary>
    internal void Emit(IReadOnlyList<NumberRange> ranges, Func<int, Label> found, Label missed, Label next) =>
        Emit(ranges, 0, ranges.Count, found, missed, next);

    private void Emit(IReadOnlyList<NumberRange> ranges, int from, int to, Func<int, Label> found, Label missed, Label next)
    {
        if (from == to)
        {
            Go(missed, next);
            return;
        }

        int middle = (from + to) / 2;
        NumberRange range = ranges[middle];
        Label below = from == middle ? missed : assembler.NewLabel("below");
        if (from == middle && range.First == range.Last)
        {
            assembler.JumpIf(number, Condition.Equal, range.First, spare, found(middle));
        }
        else
        {
            if (range.First > 0)
                assembler.JumpIf(number, Condition.Below, range.First, spare, below);
            if (range.Last < ulong.MaxValue)
                assembler.JumpIf(number, Condition.BelowOrEqual, range.Last, spare, found(middle));
            else
                Go(found(middle), from == middle ? next : below);
        }

        if (range.Last < ulong.MaxValue || (from == middle && range.First == range.Last))
            Emit(ranges, middle + 1, to, found, missed, from == middle ? next : below);
        if (from < middle)
        {
            assembler.Mark(below);
            Emit(ranges, from, middle, found, missed, next);
        }
    }

    private void Go(Label label, Label next)
    {
        if (label != next)
            assembler.Jump(label);
    }
}
