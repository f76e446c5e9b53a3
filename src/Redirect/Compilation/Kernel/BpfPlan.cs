using System.Collections.Immutable;
using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// A plan as a piece of a larger program of the kernel, which receives messages, keeps each stream's window and offset, and
/// moves bytes. It judges as <see cref="VerdictPlan.Decide(in MessageView)"/> does, or hands over. Immutable; any thread may use it.
/// <para>
/// The program around it sets the frame up (<see cref="VerdictFrame"/>), runs the decision, does what it says, and when that has
/// succeeded runs the commit and keeps the window. Between the two it leaves R6, R7 and the frame alone.
/// </para>
/// </summary>
public sealed class BpfPlan
{
    private readonly VerdictPlan _plan;
    private readonly KernelTests _tests;
    private readonly BpfProgramKind _kind;
    private readonly Direction _side;

    internal BpfPlan(VerdictPlan plan, KernelTests tests, BpfProgramKind kind, Direction side, string mapPrefix)
    {
        (_plan, _tests, _kind, _side) = (plan, tests, kind, side);
        Counts = new MapReference($"{mapPrefix} counts");
    }

    /// <summary>
    /// How often each rule decided, or matched as a shadow: a BPF_MAP_TYPE_PERCPU_ARRAY with keys of 4 bytes, values of 8 and
    /// <see cref="CountEntries"/> entries, one for each rule and the last for <c>otherwise</c>.
    /// </summary>
    public MapReference Counts { get; }

    /// <summary>Whether messages are what its framing says.</summary>
    public bool IsFramed => _plan.Rules.Framing is not null;

    /// <summary>Entries of <see cref="Counts"/>.</summary>
    public int CountEntries => _plan.Rules.Rules.Length + 1;

    /// <summary>Sets of addresses that are looked up in maps.</summary>
    public ImmutableArray<AddressTrie> AddressTries => _tests.Tries;

    /// <summary>
    /// Writes the decision, which ends in a jump to one of the exits and has no other effect than on the frame. A program of sk_msg
    /// that lets a message go without asking for one has to call bpf_msg_apply_bytes with 0 itself: the kernel goes by what the
    /// run before has set on the same message.
    /// </summary>
    public void EmitDecision(Assembler assembler, BpfExits exits) =>
        new DecisionEmitter(assembler, _plan, _kind, exits).Emit(Conditions(assembler));

    /// <summary>
    /// Writes what follows a decision that has been carried out; behind it the program goes on. R0 to R5 and R9 are lost. A message
    /// of sk_msg is edited and cut here: where there is no memory for that it goes to <paramref name="handOver"/> after all, as it
    /// came and not counted. So for those, to carry out is to call the redirect helper.
    /// </summary>
    public void EmitCommit(Assembler assembler, Label handOver) =>
        new CommitEmitter(assembler, _plan, _kind, Counts).Emit(Conditions(assembler), handOver);

    private ConditionEmitter Conditions(Assembler assembler) => new(assembler, _tests, _kind, _side);
}
