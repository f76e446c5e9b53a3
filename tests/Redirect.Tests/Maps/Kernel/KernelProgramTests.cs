using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;
using Sluice.Redirect.Tests.Linux;
using static Sluice.Redirect.Bpf.OperandSize;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Tests.Maps.Kernel;

public sealed class KernelProgramTests : KernelTest
{
    private static readonly Dictionary<string, BpfMap> NoMaps = [];

    [Fact]
    public void An_image_is_loaded_with_the_maps_it_names()
    {
        using BpfMap map = Map(BpfMapType.Array, 4, 8, entries: 1);
        Errno errno = KernelProgram.Load(
            Image(TestPrograms.Count), BpfProgramType.SchedCls, 0, "count", new Dictionary<string, BpfMap> { ["map"] = map }, out KernelProgram? program);
        Assert.Equal(Errno.None, errno);
        using (program)
            program!.Program.Run(TestPrograms.Packet);
        Assert.Equal(Errno.None, map.Lookup(0u, out ulong runs));
        Assert.Equal(1UL, runs);
    }

    [Theory]
    [InlineData(AttachType.SkMsgVerdict, 16)]
    [InlineData(AttachType.SkSkbStreamParser, 14)]
    [InlineData(AttachType.SkSkbStreamVerdict, 14)]
    [InlineData(AttachType.SkSkbVerdict, 14)]
    public void The_slot_says_what_kind_of_program_it_is(AttachType slot, int type)
    {
        Assert.Equal(Errno.None, KernelProgram.Load(Image(a => a.Return(1)), slot, "pass", NoMaps, out KernelProgram? program));
        using (program)
        {
            Assert.Equal(Errno.None, program!.Program.GetInfo(out BpfProgramInfo info));
            Assert.Equal((BpfProgramType)type, info.Type);
        }
    }

    [Fact]
    public void A_refusal_shows_the_instruction_and_what_the_verifier_said()
    {
        ProgramImage image = Image(a =>
        {
            Label beyond = a.NewLabel("beyond");
            a.Move(R6, R1);
            a.MoveWide(R2, 1UL << 40);
            a.JumpIf(R2, Condition.Equal, 0, beyond);
            a.Load(Word, R0, R7, 0);
            a.Mark(beyond);
            a.Return(1);
        });
        var failure = Assert.Throws<VerifierException>(() => KernelProgram.Load(image, AttachType.SkSkbVerdict, "broken", NoMaps, out _));
        Assert.Equal((Errno.EACCES, 4), (failure.Errno, failure.Instruction));
        Assert.StartsWith("The verifier refuses program 'broken' with EACCES (13) at instruction 4:\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"\n  {image.ListingLine(3)}\n> {image.ListingLine(4)}\n  {image.ListingLine(5)}\n", failure.Message, StringComparison.Ordinal);
        Assert.Single(failure.Message.Split('\n'), line => line == "  " + image.ListingLine(1));
        Assert.Contains("R7 !read_ok", failure.Message, StringComparison.Ordinal);
        Assert.Contains("R7 !read_ok", failure.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_jump_to_behind_the_end_is_shown()
    {
        ProgramImage image = Image(a =>
        {
            Label end = a.NewLabel("end");
            a.Move(Register.R0, 0);
            a.JumpIf(Register.R0, Condition.NotEqual, 0, end);
            a.Exit();
            a.Mark(end);
        });
        var failure = Assert.Throws<VerifierException>(() => KernelProgram.Load(image, AttachType.SkSkbVerdict, "broken", NoMaps, out _));
        Assert.Equal(1, failure.Instruction);
        Assert.Contains($"> {image.ListingLine(1)}\n", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_refused_without_a_word_is_an_errno()
    {
        Errno errno = KernelProgram.Load(Image(a => a.Return(0)), (BpfProgramType)4711, 0, "none", NoMaps, out KernelProgram? program);
        Assert.Equal((Errno.EINVAL, null), (errno, program));
    }

    [Fact]
    public void A_map_that_is_not_given_is_a_defect() =>
        Assert.Throws<KeyNotFoundException>(() => KernelProgram.Load(Image(TestPrograms.Count), AttachType.SkSkbVerdict, "count", NoMaps, out _));

    private static ProgramImage Image(Action<Assembler> write)
    {
        var assembler = new Assembler();
        write(assembler);
        return assembler.Build();
    }
}
