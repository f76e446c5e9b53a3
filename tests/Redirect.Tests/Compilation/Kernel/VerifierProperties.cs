using CsCheck;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Tests.Linux;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

public sealed class VerifierProperties : KernelTest
{
    private const int Programs = 1500;

    [Theory]
    [InlineData(BpfProgramKind.SkSkb)]
    [InlineData(BpfProgramKind.SkMsg)]
    public void The_verifier_takes_every_plan(BpfProgramKind kind) => Gen.Int.Sample(seed => Load(seed, kind), iter: Programs);

    // It lets programs with fewer rights do less: what is on the stack must have been written, and pointers stay pointers.
    [Fact]
    public void It_takes_plans_for_sk_skb_with_the_least_rights() =>
        FewerRights.With([Capability.Bpf, Capability.NetAdmin], () => Gen.Int.Sample(seed => Load(seed, BpfProgramKind.SkSkb), iter: Programs, threads: 1));

    [Fact]
    public void It_takes_plans_for_sk_msg_with_the_right_to_read_kernel_memory() =>
        FewerRights.With(
            [Capability.Bpf, Capability.NetAdmin, Capability.PerfMon],
            () => Gen.Int.Sample(seed => Load(seed, BpfProgramKind.SkMsg), iter: Programs, threads: 1));

    // Which also shows that the rights of these tests are as few as they say.
    [Fact]
    public void It_takes_none_for_sk_msg_without_it()
    {
        var plan = VerdictPlan.Compile(new RuleSet("one", [new Rule("rule", new BytesTest(0, 0, false, [[1]]), new RuleAction(RuleVerdict.Pass))], new RuleAction(RuleVerdict.Pass)));
        BpfPlan compiled = BpfBackend.Compile(plan, BpfProgramKind.SkMsg, Direction.FromClient).Plan!;
        FewerRights.With([Capability.Bpf, Capability.NetAdmin], () => Assert.Throws<VerifierException>(() => Load(compiled, BpfProgramKind.SkMsg)));
    }

    private static void Load(int seed, BpfProgramKind kind)
    {
        var plan = VerdictPlan.Compile(new RandomRules(seed).Any());
        if (BpfBackend.Compile(plan, kind, Direction.FromClient).Plan is { } compiled)
            Load(compiled, kind);
    }

    /// <summary>Loads a plan, and says how many instructions the verifier walked through.</summary>
    internal static uint Load(BpfPlan plan, BpfProgramKind kind)
    {
        using var maps = new PlanMaps(plan);
        maps.Add(PlanProgram.State, BpfMapType.Array, 4, PlanProgram.StateSize, 1, 0);
        AttachType slot = kind == BpfProgramKind.SkSkb ? AttachType.SkSkbStreamVerdict : AttachType.SkMsgVerdict;
        Assert.Equal(Errno.None, KernelProgram.Load(PlanProgram.Of(plan, kind), slot, "test", maps.All, out KernelProgram? program));
        using (program)
        {
            Assert.Equal(Errno.None, program!.Program.GetInfo(out BpfProgramInfo info));
            return info.VerifiedInstructions;
        }
    }
}
