using CsCheck;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;
using Sluice.Redirect.Tests.Linux;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

public sealed class VerifierProperties : KernelTest
{
    private const int Programs = 1500;

    [Theory]
    [InlineData(BpfProgramKind.SkSkb)]
    [InlineData(BpfProgramKind.SkMsg)]
    public void The_verifier_takes_every_plan(BpfProgramKind kind)
    {
        int loaded = 0;
        Gen.Int.Sample(
            seed =>
            {
                var plan = VerdictPlan.Compile(new RandomRules(seed).Any() with { Framing = null });
                if (BpfBackend.Compile(plan, kind, Direction.FromClient).Plan is not { } compiled)
                    return;

                Load(compiled, kind);
                Interlocked.Increment(ref loaded);
            },
            iter: Programs);
        Assert.True(loaded > Programs / 8, $"{loaded} loaded");
    }

    /// <summary>Loads a plan, and says how many instructions the verifier walked through.</summary>
    internal static uint Load(BpfPlan plan, BpfProgramKind kind)
    {
        using var maps = new PlanMaps(plan);
        maps.Add(PlanProgram.State, BpfMapType.Array, 4, 24, 1, 0);
        AttachType slot = kind == BpfProgramKind.SkSkb ? AttachType.SkSkbStreamVerdict : AttachType.SkMsgVerdict;
        Assert.Equal(Errno.None, KernelProgram.Load(PlanProgram.Of(plan, kind), slot, "test", maps.All, out KernelProgram? program));
        using (program)
        {
            Assert.Equal(Errno.None, program!.Program.GetInfo(out BpfProgramInfo info));
            return info.VerifiedInstructions;
        }
    }
}
