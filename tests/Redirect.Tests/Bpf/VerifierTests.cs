using System.Text.RegularExpressions;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Tests.Linux;
using static Sluice.Redirect.Bpf.OperandSize;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Tests.Bpf;

/// <summary>The kernel takes what the assembler writes, and reads it as the listing does.</summary>
public sealed partial class VerifierTests : KernelTest
{
    private static readonly MapReference TheMap = new("map");

    [Fact]
    public void It_reads_every_straight_instruction_as_the_listing_does()
    {
        var a = new Assembler();
        Straight(a);
        a.Comment("R9 has no value, so the program is refused and its log shown");
        a.Move(R0, R9);
        a.Exit();
        ProgramImage image = a.Build();

        string[] read = [.. Numbered().Matches(LogOf(image)).Select(match => Shared(match.Groups[1].Value, match.Groups[2].Value))];
        string[] written = [.. image.Listing.Split('\n').Where(line => line.Contains(": ", StringComparison.Ordinal)).Select(line => line.Trim())];
        Assert.Equal(written[..^1], read);
        Assert.Contains("R9 !read_ok", LogOf(image), StringComparison.Ordinal);
    }

    [Fact]
    public void It_takes_every_jump()
    {
        foreach (Condition condition in Enum.GetValues<Condition>())
        {
            var a = new Assembler();
            Label end = a.NewLabel("end");
            a.Move(R0, 1);
            a.Load(Word, R2, R1, 0);
            a.Move(R3, 5);
            a.JumpIf(R2, condition, 1000, end);
            a.JumpIf(R2, condition, R3, end);
            a.JumpIf32(R2, condition, -1, end);
            a.JumpIf32(R2, condition, R3, end);
            a.Jump(end);
            a.Mark(end);
            a.Exit();
            Take(a.Build());
        }
    }

    [Fact]
    public void It_takes_a_jump_beyond_16_bits()
    {
        var a = new Assembler();
        Label far = a.NewLabel("far");
        Label back = a.NewLabel("back");
        Label end = a.NewLabel("end");
        a.Load(Word, R2, R1, 0);
        a.Move(R0, 1);
        a.JumpIf(R2, Condition.Equal, 0, back);
        a.Jump(far);
        a.Mark(back);
        for (int i = 0; i < 40_000; i++)
            a.Move(R0, 1);
        a.Jump(end);
        a.Mark(far);
        a.Move(R0, 0);
        a.Mark(end);
        a.Exit();
        Take(a.Build());
    }

    [Fact]
    public void It_takes_maps_and_calls()
    {
        using BpfMap map = Map(BpfMapType.Array, 4, 16, entries: 1);
        var a = new Assembler();
        Label none = a.NewLabel("none");
        a.LoadMapValue(R1, TheMap, 8);
        a.StoreImmediate(DoubleWord, R1, 0, 1);
        a.StoreImmediate(Word, R10, -4, 0);
        a.LoadMap(R1, TheMap);
        a.Move(R2, R10);
        a.Add(R2, -4);
        a.Call(Helper.MapLookupElem);
        a.JumpIf(R0, Condition.Equal, 0, none);
        a.Load(DoubleWord, R0, R0, 8);
        a.Mark(none);
        a.Call(Helper.KtimeGetNs);
        a.And(R0, 1);
        a.Exit();
        Take(a.Build(), map);
    }

    private static void Take(ProgramImage image, BpfMap? map = null)
    {
        Errno errno = TryLoad(image, map, out string log);
        Assert.True(errno == Errno.None, $"{errno}\n{log}");
    }

    private static string LogOf(ProgramImage image)
    {
        Assert.NotEqual(Errno.None, TryLoad(image, null, out string log));
        return log;
    }

    private static Errno TryLoad(ProgramImage image, BpfMap? map, out string log)
    {
        Errno errno = BpfProgram.Load(BpfProgramType.SkSkb, "test", image.Resolve(_ => map!.Fd), 0, out BpfProgram? program, out log);
        program?.Dispose();
        return errno;
    }

    private static void Straight(Assembler a)
    {
        a.Move(R6, R1);
        a.Move32(R2, 7);
        a.Move32(R3, R2);
        a.MoveWide(R4, 0x123456789abcdef0);
        foreach (Operand operand in (Operand[])[R2, 3])
        {
            a.Add(R4, operand);
            a.Subtract(R4, operand);
            a.Multiply(R4, operand);
            a.Divide(R4, operand);
            a.Modulo(R4, operand);
            a.And(R4, operand);
            a.Or(R4, operand);
            a.Xor(R4, operand);
            a.ShiftLeft(R4, operand);
            a.ShiftRight(R4, operand);
            a.ArithmeticShiftRight(R4, operand);
            a.Add32(R3, operand);
            a.Subtract32(R3, operand);
            a.Multiply32(R3, operand);
            a.Divide32(R3, operand);
            a.Modulo32(R3, operand);
            a.And32(R3, operand);
            a.Or32(R3, operand);
            a.Xor32(R3, operand);
            a.ShiftLeft32(R3, operand);
            a.ShiftRight32(R3, operand);
            a.ArithmeticShiftRight32(R3, operand);
        }

        a.Negate(R4);
        a.Negate32(R3);
        foreach (int bits in (int[])[16, 32, 64])
        {
            a.ToBigEndian(R4, bits);
            a.ToLittleEndian(R4, bits);
        }

        a.StoreImmediate(DoubleWord, R10, -8, -5);
        a.StoreImmediate(OperandSize.Byte, R10, -8, 1);
        a.Store(DoubleWord, R10, -16, R2);
        a.Store(Word, R10, -16, R2);
        a.Store(OperandSize.Half, R10, -16, R2);
        a.Store(OperandSize.Byte, R10, -16, R2);
        foreach (OperandSize size in Enum.GetValues<OperandSize>())
            a.Load(size, R4, R10, -16);
        a.LoadSigned(OperandSize.Byte, R4, R10, -16);
        a.LoadSigned(OperandSize.Half, R4, R10, -16);
        a.LoadSigned(Word, R4, R10, -16);
        a.Move(R0, 0);
        foreach (AtomicOperation operation in Enum.GetValues<AtomicOperation>())
        {
            a.Atomic(operation, DoubleWord, R10, -8, R2);
            a.Atomic(operation, Word, R10, -16, R2);
        }
    }

    // What both notations say alike. The verifier's names for what fetches have the width in them, and its wide load no "ll".
    private static string Shared(string number, string text) => number + ": " + Wide().Replace(text, "$1 ll")
        .Replace("atomic64_", "atomic_", StringComparison.Ordinal)
        .Replace("atomic_xchg", "xchg", StringComparison.Ordinal)
        .Replace("atomic_cmpxchg", "cmpxchg", StringComparison.Ordinal);

    [GeneratedRegex(@"^(\d+): \([0-9a-f]{2}\) ([^;\n]*?) *(?:;.*)?$", RegexOptions.Multiline)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^(r\d+ = 0x[0-9a-f]+)$")]
    private static partial Regex Wide();
}
