using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;
using Sluice.Redirect.Splicing.Kernel;
using Sluice.Redirect.Tests.Linux;

namespace Sluice.Redirect.Tests.Splicing.Kernel;

public sealed class SpliceProgramTests : KernelTest
{
    // A reactor loads it while its connections wait. With a loop that the verifier cannot fold it is hundreds of thousands.
    private const uint FewToVerify = 10_000;

    [Fact]
    public void It_costs_the_verifier_little()
    {
        using Btf btf = KernelBtf();
        Assert.Equal(Errno.None, TcpSockFields.Find(btf, out TcpSockFields fields));
        using BpfMap slots = Map(BpfMapType.Hash, sizeof(ulong), sizeof(uint));
        using BpfMap records = Map(BpfMapType.Array, sizeof(uint), SpliceRecord.Size);
        using BpfMap sockets = Map(BpfMapType.SockMap, sizeof(uint), sizeof(uint));
        using BpfMap events = Map(BpfMapType.RingBuffer, 0, 0, 4096);
        Dictionary<string, BpfMap> maps = new()
        {
            [SpliceMapNames.Slots.Name] = slots,
            [SpliceMapNames.Records.Name] = records,
            [SpliceMapNames.Sockets.Name] = sockets,
            [SpliceMapNames.Events.Name] = events,
        };

        Assert.Equal(
            Errno.None,
            KernelProgram.Load(SpliceProgram.Assemble(fields, plan: null), AttachType.SkSkbStreamVerdict, "test", maps, out KernelProgram? program));
        using (program)
        {
            Assert.Equal(Errno.None, program!.Program.GetInfo(out BpfProgramInfo info));
            Assert.InRange(info.VerifiedInstructions, 1u, FewToVerify);
        }
    }

    private static Btf KernelBtf()
    {
        Assert.Equal(Errno.None, Btf.Read(Btf.KernelPath, out Btf? btf));
        return btf!;
    }
}
