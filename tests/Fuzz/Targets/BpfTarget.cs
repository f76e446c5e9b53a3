using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Tests.Compilation;
using Sluice.Redirect.Tests.Compilation.Kernel;
using Sluice.Redirect.Verdicts;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Sluice.Fuzz.Targets;

/// <summary>
/// Whatever is compiled for the kernel decides as the managed plan does, on a machine of the tests' own; and the kernel's verifier takes it,
/// where this process may load programs.
/// </summary>
internal static class BpfTarget
{
    private const int MostStream = 70;

    private static readonly bool MayLoad = BpfMap.Create(BpfMapType.Array, "fuzz", 4, 4, 1, 0, out BpfMap? map) == Errno.None && Close(map!);

    public static FuzzTarget Value { get; } = new("bpf", new Corpus("tests/Fuzz/corpus/bpf", "hex"), Run) { MostBytes = 600 };

    private static void Run(byte[] input)
    {
        var chance = new BytesAsChance(input);
        var kind = (BpfProgramKind)chance.Next(2);
        var random = new RandomRules(chance);
        RuleSet rules = random.Any() with { Framing = null };
        MessageContext context = random.Context();
        byte[] stream = random.Stream(MostStream);
        var plan = VerdictPlan.Compile(rules);
        BpfCompilation compiled = BpfBackend.Compile(plan, kind, context.Side);
        if (compiled.Plan is null)
            return;

        if (context.Family != AddressFamily.Unix)
        {
            bool isWhole = compiled.Refusals.All(refusal => refusal.Field is null);
            var program = new SimulatedProgram(compiled.Plan, kind, context);
            for (int length = 1; length <= stream.Length; length++)
                DecisionChecks.Message(plan, program, kind, context, stream[..length], isWhole);
        }

        if (MayLoad)
            Load(compiled.Plan, kind);
    }

    // Throws what the verifier says.
    private static void Load(BpfPlan plan, BpfProgramKind kind)
    {
        using var maps = new PlanMaps(plan);
        maps.Add(PlanProgram.State, BpfMapType.Array, 4, PlanProgram.StateSize, 1, 0);
        AttachType slot = kind == BpfProgramKind.SkSkb ? AttachType.SkSkbStreamVerdict : AttachType.SkMsgVerdict;
        Check.Equal(Errno.None, KernelProgram.Load(PlanProgram.Of(plan, kind), slot, "fuzz", maps.All, out KernelProgram? program), "loading");
        program?.Dispose();
    }

    private static bool Close(BpfMap map)
    {
        map.Dispose();
        return true;
    }
}
