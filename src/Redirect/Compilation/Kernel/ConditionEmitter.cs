using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// Conditions as jumps, with the three values of <see cref="Truth"/>. A group goes on behind an unknown part, since a later
/// one may still decide it; that it was unknown is kept in a bit of R9, one for each group around.
/// </summary>
internal sealed class ConditionEmitter
{
    // An instruction's number is signed.
    private const int MostBits = 31;

    private readonly Assembler _assembler;
    private readonly KernelTests _tests;
    private readonly FieldEmitter _fields;
    private readonly AddressEmitter _addresses;
    private readonly NumberEmitter _numbers;
    private readonly BytesEmitter _bytes;
    private int _bitsInUse;

    internal ConditionEmitter(Assembler assembler, KernelTests tests, BpfProgramKind kind, Direction side)
    {
        (_assembler, _tests) = (assembler, tests);
        Window = new WindowEmitter(assembler, tests.Window, kind);
        _fields = new FieldEmitter(assembler, kind, side);
        _addresses = new AddressEmitter(assembler, kind);
        _numbers = new NumberEmitter(assembler, Window);
        _bytes = new BytesEmitter(assembler, Window);
    }

    internal WindowEmitter Window { get; }

    internal void Emit(int at, in Branches to)
    {
        if (_tests.Values(at) == TruthSet.Unknown)
            to.Go(_assembler, to.Unknown);
        else if (_tests.IsGroup(at))
            EmitGroup(at, to);
        else
            EmitTest(at, _tests.Node(at).IsNegated ? to.Negated : to);
    }

    private void EmitTest(int at, in Branches to)
    {
        switch (_tests.Source(at))
        {
            case NumberTest test:
                _fields.Emit(test, to);
                break;
            case AddressTest test:
                _addresses.Emit(test, _tests.TrieOf(at), to);
                break;
            case BytesAsNumberTest test:
                _numbers.Emit(test, _tests.Waits, to);
                break;
            case BytesTest test:
                _bytes.Emit(test, _tests.Waits, to);
                break;
        }
    }

    // What is never unknown comes first, so that the rest mostly needs no bit.
    private void EmitGroup(int at, in Branches to)
    {
        bool isAll = _tests.Node(at).Kind == PlanNodeKind.AllOf;
        (Label decided, Label neutral) = isAll ? (to.False, to.True) : (to.True, to.False);
        int[] parts = [.. _tests.Parts(at).OrderBy(part => Rank(_tests.Values(part)))];
        // Where the last one is always unknown, nothing before it has to be remembered.
        bool endsUnknown = parts.Length > 0 && _tests.Values(parts[^1]) == TruthSet.Unknown;
        bool needsBit = !endsUnknown && parts.Count(part => _tests.Values(part).HasFlag(TruthSet.Unknown)) > 1;
        if (needsBit && _bitsInUse == MostBits)
        {
            to.Go(_assembler, to.Unknown);
            return;
        }

        int bit = needsBit ? 1 << _bitsInUse++ : 0;
        if (needsBit)
            _assembler.And(R9, ~bit);
        for (int i = 0; i < parts.Length; i++)
            EmitPart(parts[i], isAll, i == parts.Length - 1, bit, decided, neutral, to);
        if (needsBit)
            _bitsInUse--;
        if (parts.Length == 0)
            to.Go(_assembler, neutral);
    }

    private void EmitPart(int part, bool isAll, bool isLast, int bit, Label decided, Label neutral, in Branches to)
    {
        if (isLast && bit == 0)
        {
            Emit(part, to);
            return;
        }

        Label next = _assembler.NewLabel(isLast ? "all_seen" : "next_part");
        bool remembers = bit != 0 && !isLast && _tests.Values(part).HasFlag(TruthSet.Unknown);
        Label unknown = remembers ? _assembler.NewLabel("unknown") : isLast ? to.Unknown : next;
        Emit(part, isAll ? new Branches(next, decided, unknown, next) : new Branches(decided, next, unknown, next));
        if (remembers)
        {
            Label behind = _assembler.NewLabel("behind");
            _assembler.Mark(next);
            _assembler.Jump(behind);
            _assembler.Mark(unknown);
            _assembler.Or(R9, bit);
            _assembler.Mark(behind);
            return;
        }

        _assembler.Mark(next);
        if (!isLast)
            return;

        _assembler.JumpIf(R9, Condition.BitsSet, bit, to.Unknown);
        to.Go(_assembler, neutral);
    }

    private static int Rank(TruthSet values) => values switch
    {
        TruthSet.Unknown => 2,
        _ => values.HasFlag(TruthSet.Unknown) ? 1 : 0,
    };
}
