using CsCheck;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Tests.Compilation;
using Sluice.Redirect.Tests.Linux;

namespace Sluice.Redirect.Tests.Splicing.Bypass;

public sealed class JudgedSendVerifierTests : KernelTest
{
    private const int Programs = 600;

    /// <summary>Also with plans that would be refused for sends: what the verifier takes does not hang on that.</summary>
    [Fact]
    public void The_verifier_takes_the_send_program_with_every_plan()
    {
        BypassFields fields = BypassProgramTests.Fields();
        int loaded = 0;
        Gen.Int.Sample(seed =>
        {
            var plan = VerdictPlan.Compile(new RandomRules(seed).Any());
            if (BpfBackend.Compile(plan, BpfProgramKind.SkMsg, Direction.FromClient).Plan is not { } compiled)
                return;

            Assert.Equal(Errno.None, PlanInKernel.TryCreate(compiled, out PlanInKernel? made));
            using (made)
            {
                Errno errno = BypassMaps.TryCreate(fields, 8, made, null, out BypassMaps? maps, out string refusal);
                Assert.True(errno == Errno.None, $"{errno}: {refusal}");
                maps!.Dispose();
                Interlocked.Increment(ref loaded);
            }
        }, iter: Programs);
        Assert.True(loaded > Programs / 4, $"{loaded} of {Programs}");
    }
}
