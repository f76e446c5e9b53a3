using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// Makes a plan run in the kernel as far as that is exact. Where it is not, either the message is handed over to the managed
/// engine or the program stays there; each such place is a refusal.
/// </summary>
public static class BpfBackend
{
    /// <summary>
    /// The most instructions of a plan. A conditional jump reaches 32767, and the program around it needs some; far below it
    /// the verifier's limit of a million visits holds too.
    /// </summary>
    public const int MostInstructions = 16_384;

    /// <summary>Compiles a plan for one kind of program and the bytes of one side. Expected failures are in the result.</summary>
    public static BpfCompilation Compile(VerdictPlan plan, BpfProgramKind kind, Direction side)
    {
        string mapPrefix = $"{plan.Rules.Name} {(side == Direction.FromClient ? "from_client" : "from_upstream")}";
        var tests = new KernelTests(plan, mapPrefix);
        List<OffloadRefusal> refusals = [];
        if (plan.Rules.Framing is { } framing)
            refusals.Add(FramingRefusal.Find(framing, tests.HasHeader));
        for (int i = 0; i < plan.Rules.Rules.Length; i++)
            refusals.AddRange(OfRule(i));
        refusals.AddRange(OfAction("otherwise", plan.Rules.Otherwise));
        if (!DecidesAnything(plan, tests, kind))
            refusals.Add(Whole(null, null, "there is no message on which the kernel could decide"));

        var compiled = new BpfPlan(plan, tests, kind, side, mapPrefix);
        if (refusals.TrueForAll(refusal => refusal.Scope == OffloadScope.Message) && Count(compiled) is var count and > MostInstructions)
            refusals.Add(Whole(null, null, $"it takes {count} instructions, more than {MostInstructions}"));
        bool isRefused = refusals.Exists(refusal => refusal.Scope == OffloadScope.Program);
        return new BpfCompilation(isRefused ? null : compiled, [.. refusals]);

        IEnumerable<OffloadRefusal> OfRule(int index)
        {
            Rule rule = plan.Rules.Rules[index];
            // A shadow rule is counted for every message that is decided, and the kernel would not know.
            OffloadScope scope = rule.IsShadow ? OffloadScope.Program : OffloadScope.Message;
            IEnumerable<OffloadRefusal> ofTests = tests.Refusals(plan.NodeOf(index)).Select(refusal => new OffloadRefusal(scope, rule.Name, refusal.Field, refusal.Reason));
            return rule.IsShadow ? ofTests : ofTests.Concat(OfAction(rule.Name, rule.Action));
        }

        IEnumerable<OffloadRefusal> OfAction(string rule, RuleAction action)
        {
            IEnumerable<string> reasons = ActionRefusals.Find(action, kind) is { } refused ? [refused] : ActionRefusals.Limits(action, kind, plan.Rules.Framing is not null);
            return reasons.Select(reason => new OffloadRefusal(OffloadScope.Message, rule, null, reason));
        }
    }

    /// <summary>
    /// Compiles a plan for sends of applications that are not the proxy's own sockets' (<see cref="BpfProgramKind.SkMsg"/>): exactly what the
    /// managed engine would decide of the same stream, however either of them sees it cut.
    /// </summary>
    public static BpfCompilation CompileForSends(VerdictPlan plan, Direction side)
    {
        BpfCompilation compiled = Compile(plan, BpfProgramKind.SkMsg, side);
        OffloadRefusal[] refusals = [.. SendRefusals.Find(plan.Rules)];
        return new BpfCompilation(refusals.Length > 0 ? null : compiled.Plan, [.. refusals, .. compiled.Refusals]);
    }

    private static bool DecidesAnything(VerdictPlan plan, KernelTests tests, BpfProgramKind kind)
    {
        for (int i = 0; i < plan.Rules.Rules.Length; i++)
        {
            if (plan.Rules.Rules[i].IsShadow)
                continue;

            TruthSet values = tests.Values(plan.NodeOf(i));
            if (values.HasFlag(TruthSet.True) && ActionRefusals.Find(plan.Rules.Rules[i].Action, kind) is null)
                return true;
            if (!values.HasFlag(TruthSet.False))
                return false;
        }

        return ActionRefusals.Find(plan.Rules.Otherwise, kind) is null;
    }

    private static int Count(BpfPlan plan)
    {
        var assembler = new Assembler();
        var exits = new BpfExits(assembler.NewLabel("pass"), assembler.NewLabel("drop"), assembler.NewLabel("hand_over"));
        plan.EmitDecision(assembler, exits);
        plan.EmitCommit(assembler, exits.HandOver);
        return assembler.Count;
    }

    private static OffloadRefusal Whole(string? rule, Field? field, string reason) => new(OffloadScope.Program, rule, field, reason);
}
