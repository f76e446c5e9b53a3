using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;
using static Sluice.Redirect.Bpf.OperandSize;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Tests.Linux;

/// <summary>Small programs for the kernel, written with the assembler.</summary>
internal static class TestPrograms
{
    public static readonly MapReference TheMap = new("map");

    /// <summary>What BPF_PROG_TEST_RUN takes at least: an Ethernet header.</summary>
    public static ReadOnlySpan<byte> Packet => new byte[14];

    public static BpfProgram Load(Action<Assembler> write, BpfMap? map = null) => Load(BpfProgramType.SchedCls, 0, write, map);

    public static BpfProgram Load(BpfProgramType type, uint attachType, Action<Assembler> write, BpfMap? map = null)
    {
        Errno errno = TryLoad(type, attachType, write, map, out BpfProgram? program, out string log);
        Assert.True(errno == Errno.None, $"{errno}\n{log}");
        return program!;
    }

    public static Errno TryLoad(
        BpfProgramType type, uint attachType, Action<Assembler> write, BpfMap? map, out BpfProgram? program, out string log)
    {
        var assembler = new Assembler();
        write(assembler);
        return BpfProgram.Load(type, "test", assembler.Build().Resolve(_ => map!.Fd), attachType, out program, out log);
    }

    public static void Return(this Assembler assembler, int value)
    {
        assembler.Move(R0, value);
        assembler.Exit();
    }

    /// <summary>Adds 1 to the 64-bit value at index 0 of the map.</summary>
    public static void Count(Assembler a)
    {
        Label missing = a.NewLabel("missing");
        a.StoreImmediate(Word, R10, -4, 0);
        a.Move(R2, R10);
        a.Add(R2, -4);
        a.LoadMap(R1, TheMap);
        a.Call(Helper.MapLookupElem);
        a.JumpIf(R0, Condition.Equal, 0, missing);
        a.Move(R1, 1);
        a.Atomic(AtomicOperation.Add, DoubleWord, R0, 0, R1);
        a.Mark(missing);
        a.Return(0);
    }

    public static uint Run(this BpfProgram program, ReadOnlySpan<byte> packet)
    {
        Assert.Equal(Errno.None, program.TestRun(packet, out uint result));
        return result;
    }
}
