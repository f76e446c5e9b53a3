using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;
using static Sluice.Redirect.Bpf.OperandSize;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Tests.Linux;

public sealed class BpfProgramTests : KernelTest
{
    [Fact]
    public void A_program_runs_and_answers()
    {
        using BpfProgram program = TestPrograms.Load(a =>
        {
            a.Load(Word, R0, R1, 0); // skb->len
            a.Exit();
        });
        Assert.Equal(14u, program.Run(TestPrograms.Packet));
        Assert.Equal(60u, program.Run(new byte[60]));
        Assert.Equal(Errno.EINVAL, program.TestRun(new byte[3], out _));
    }

    [Fact]
    public void The_kernel_says_what_was_loaded()
    {
        using BpfProgram program = TestPrograms.Load(a => a.Return(0));
        Assert.Equal(Errno.None, program.GetInfo(out BpfProgramInfo info));
        Assert.Equal((BpfProgramType.SchedCls, 2u), (info.Type, info.VerifiedInstructions));
        Assert.True(info.TranslatedSize >= 16);
        Assert.NotEqual(0u, info.Id);
    }

    [Fact]
    public void A_refusal_comes_with_the_verifiers_words()
    {
        Errno errno = TestPrograms.TryLoad(BpfProgramType.SkMsg, 7, a => a.Exit(), null, out BpfProgram? program, out string log);
        Assert.Equal(Errno.EACCES, errno);
        Assert.Null(program);
        Assert.Contains("R0 !read_ok", log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_log_comes_as_a_whole()
    {
        Errno errno = TestPrograms.TryLoad(BpfProgramType.SchedCls, 0, LongAndWrong, null, out _, out string log);
        Assert.Equal(Errno.EACCES, errno);
        Assert.True(log.Length > 64 * 1024, $"{log.Length} characters need no second buffer");
        Assert.Contains("\n0: (", log, StringComparison.Ordinal);
        Assert.Contains("R9 !read_ok", log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_passes_has_no_log()
    {
        Errno errno = TestPrograms.TryLoad(BpfProgramType.SkSkb, 38, a => a.Return(1), null, out BpfProgram? program, out string log);
        program?.Dispose();
        Assert.Equal((Errno.None, ""), (errno, log));
    }

    private static void LongAndWrong(Assembler a)
    {
        a.Move(R0, 0);
        for (int i = 0; i < 4000; i++)
            a.Add(R0, i);
        a.Move(R0, R9);
        a.Exit();
    }
}
