using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// Conditions as jumps, with the three values of <see cref="Truth"/>. A group goes on behind an unknown part, since a later
/// one may still decide it; that it was unknown is kept on the stack, in a byte for each group around it.
/// </summary>
internal sealed class ConditionEmitter
{
    // Neither is 0, which the verifier would know.
    private const int IsKnown = 1;
    private const int IsUnknown = 2;

    private readonly Assembler _assembler;
    private readonly KernelTests _tests;
    private readonly BpfProgramKind _kind;
    private readonly FieldEmitter _fields;
    private readonly AddressEmitter _addresses;
    private readonly NumberEmitter _numbers;
    private readonly BytesEmitter _bytes;
    private int _flagsInUse;

    internal ConditionEmitter(Assembler assembler, KernelTests tests, BpfProgramKind kind, Direction side)
    {
        (_assembler, _tests, _kind) = (assembler, tests, kind);
        Window = new WindowEmitter(assembler, tests.Window, kind);
        _fields = new FieldEmitter(assembler, kind, side);
        _addresses = new AddressEmitter(assembler, kind);
        _numbers = new NumberEmitter(assembler, Window, kind);
        _bytes = new BytesEmitter(assembler, Window, kind);
    }

    internal WindowEmitter Window { get; }

    /// <summary>Writes what comes before any condition.</summary>
    internal void Begin()
    {
        for (int flag = 0; flag < VerdictFrame.MostFlags; flag++)
            _assembler.StoreImmediate(OperandSize.Byte, R10, VerdictFrame.Flags + flag, IsKnown);
        _assembler.Forget(VerdictFrame.StreamOffset);
        if (_kind != BpfProgramKind.SkMsg)
            return;

        _assembler.Store(OperandSize.DoubleWord, R10, VerdictFrame.Length, R7);
        _assembler.Forget(VerdictFrame.Length);
    }

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

    // What is never unknown comes first, so that the rest mostly needs no flag.
    private void EmitGroup(int at, in Branches to)
    {
        bool isAll = _tests.Node(at).Kind == PlanNodeKind.AllOf;
        (Label decided, Label neutral) = isAll ? (to.False, to.True) : (to.True, to.False);
        int[] parts = [.. _tests.Parts(at).OrderBy(part => Rank(_tests.Values(part)))];
        // Where the last one is always unknown, nothing before it has to be remembered.
        bool endsUnknown = parts.Length > 0 && _tests.Values(parts[^1]) == TruthSet.Unknown;
        bool needsFlag = !endsUnknown && parts.Count(part => _tests.Values(part).HasFlag(TruthSet.Unknown)) > 1;
        if (needsFlag && _flagsInUse == VerdictFrame.MostFlags)
        {
            to.Go(_assembler, to.Unknown);
            return;
        }

        int? flag = needsFlag ? VerdictFrame.Flags + _flagsInUse++ : null;
        if (flag is { } place)
            _assembler.StoreImmediate(OperandSize.Byte, R10, place, IsKnown);
        for (int i = 0; i < parts.Length; i++)
            EmitPart(parts[i], isAll, i == parts.Length - 1, flag, decided, neutral, to);
        if (needsFlag)
            _flagsInUse--;
        if (parts.Length == 0)
            to.Go(_assembler, neutral);
    }

    private void EmitPart(int part, bool isAll, bool isLast, int? flag, Label decided, Label neutral, in Branches to)
    {
        if (isLast && flag is null)
        {
            Emit(part, to);
            return;
        }

        Label next = _assembler.NewLabel(isLast ? "all_seen" : "next_part");
        bool remembers = flag is not null && !isLast && _tests.Values(part).HasFlag(TruthSet.Unknown);
        Label unknown = remembers ? _assembler.NewLabel("unknown") : isLast ? to.Unknown : next;
        Emit(part, isAll ? new Branches(next, decided, unknown, next) : new Branches(decided, next, unknown, next));
        if (remembers)
        {
            Label behind = _assembler.NewLabel("behind");
            _assembler.Mark(next);
            _assembler.Jump(behind);
            _assembler.Mark(unknown);
            _assembler.StoreImmediate(OperandSize.Byte, R10, flag!.Value, IsUnknown);
            _assembler.Mark(behind);
            return;
        }

        _assembler.Mark(next);
        if (!isLast)
            return;

        _assembler.Load(OperandSize.Byte, R1, R10, flag!.Value);
        _assembler.JumpIf(R1, Condition.Equal, IsUnknown, to.Unknown);
        to.Go(_assembler, neutral);
    }

    private static int Rank(TruthSet values) => values switch
    {
        TruthSet.Unknown => 2,
        _ => values.HasFlag(TruthSet.Unknown) ? 1 : 0,
    };
}
