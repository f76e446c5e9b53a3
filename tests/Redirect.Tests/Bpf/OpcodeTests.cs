using System.Buffers.Binary;
using Sluice.Redirect.Bpf;
using static Sluice.Redirect.Bpf.AtomicOperation;
using static Sluice.Redirect.Bpf.OperandSize;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Tests.Bpf;

/// <summary>
/// The bytes are those that LLVM's assembler writes for the text beside them; for instructions younger than that assembler
/// (signed loads, long jumps), and those it has no text for, they are taken from RFC 9669.
/// </summary>
public sealed class OpcodeTests
{
    [Fact]
    public void Moves()
    {
        Is("bf 21 00 00 00 00 00 00", "r1 = r2", a => a.Move(R1, R2));
        Is("b7 01 00 00 fb ff ff ff", "r1 = -5", a => a.Move(R1, -5));
        Is("bc 21 00 00 00 00 00 00", "w1 = w2", a => a.Move32(R1, R2));
        Is("b4 01 00 00 07 00 00 00", "w1 = 7", a => a.Move32(R1, 7));
        Is("18 03 00 00 f0 de bc 9a 00 00 00 00 78 56 34 12", "r3 = 0x123456789abcdef0 ll", a => a.MoveWide(R3, 0x123456789abcdef0));
        Is("18 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00", "r1 = 0x0 ll", a => a.MoveWide(R1, 0));
    }

    [Fact]
    public void Arithmetic_of_64_bits()
    {
        Is("0f 21 00 00 00 00 00 00", "r1 += r2", a => a.Add(R1, R2));
        Is("07 01 00 00 04 00 00 00", "r1 += 4", a => a.Add(R1, 4));
        Is("07 01 00 00 00 00 00 00", "r1 += 0", a => a.Add(R1, 0));
        Is("1f 21 00 00 00 00 00 00", "r1 -= r2", a => a.Subtract(R1, R2));
        Is("2f 21 00 00 00 00 00 00", "r1 *= r2", a => a.Multiply(R1, R2));
        Is("3f 21 00 00 00 00 00 00", "r1 /= r2", a => a.Divide(R1, R2));
        Is("9f 21 00 00 00 00 00 00", "r1 %= r2", a => a.Modulo(R1, R2));
        Is("5f 21 00 00 00 00 00 00", "r1 &= r2", a => a.And(R1, R2));
        Is("4f 21 00 00 00 00 00 00", "r1 |= r2", a => a.Or(R1, R2));
        Is("af 21 00 00 00 00 00 00", "r1 ^= r2", a => a.Xor(R1, R2));
        Is("6f 21 00 00 00 00 00 00", "r1 <<= r2", a => a.ShiftLeft(R1, R2));
        Is("67 01 00 00 20 00 00 00", "r1 <<= 32", a => a.ShiftLeft(R1, 32));
        Is("7f 21 00 00 00 00 00 00", "r1 >>= r2", a => a.ShiftRight(R1, R2));
        Is("c7 01 00 00 20 00 00 00", "r1 s>>= 32", a => a.ArithmeticShiftRight(R1, 32));
        Is("87 01 00 00 00 00 00 00", "r1 = -r1", a => a.Negate(R1));
    }

    [Fact]
    public void Arithmetic_of_32_bits()
    {
        Is("0c 21 00 00 00 00 00 00", "w1 += w2", a => a.Add32(R1, R2));
        Is("14 01 00 00 03 00 00 00", "w1 -= 3", a => a.Subtract32(R1, 3));
        Is("24 01 00 00 03 00 00 00", "w1 *= 3", a => a.Multiply32(R1, 3));
        Is("34 01 00 00 03 00 00 00", "w1 /= 3", a => a.Divide32(R1, 3));
        Is("94 01 00 00 03 00 00 00", "w1 %= 3", a => a.Modulo32(R1, 3));
        Is("54 01 00 00 ff 00 00 00", "w1 &= 255", a => a.And32(R1, 255));
        Is("44 01 00 00 03 00 00 00", "w1 |= 3", a => a.Or32(R1, 3));
        Is("a4 01 00 00 03 00 00 00", "w1 ^= 3", a => a.Xor32(R1, 3));
        Is("64 01 00 00 03 00 00 00", "w1 <<= 3", a => a.ShiftLeft32(R1, 3));
        Is("7c 21 00 00 00 00 00 00", "w1 >>= w2", a => a.ShiftRight32(R1, R2));
        Is("c4 01 00 00 03 00 00 00", "w1 s>>= 3", a => a.ArithmeticShiftRight32(R1, 3));
        Is("84 01 00 00 00 00 00 00", "w1 = -w1", a => a.Negate32(R1));
    }

    [Fact]
    public void Orders_of_bytes()
    {
        Is("dc 01 00 00 10 00 00 00", "r1 = be16 r1", a => a.ToBigEndian(R1, 16));
        Is("dc 01 00 00 20 00 00 00", "r1 = be32 r1", a => a.ToBigEndian(R1, 32));
        Is("dc 01 00 00 40 00 00 00", "r1 = be64 r1", a => a.ToBigEndian(R1, 64));
        Is("d4 01 00 00 10 00 00 00", "r1 = le16 r1", a => a.ToLittleEndian(R1, 16));
        Is("d4 01 00 00 40 00 00 00", "r1 = le64 r1", a => a.ToLittleEndian(R1, 64));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Assembler().ToBigEndian(R1, 8));
    }

    [Fact]
    public void Loads_and_stores()
    {
        Is("71 60 0d 00 00 00 00 00", "r0 = *(u8 *)(r6 +13)", a => a.Load(OperandSize.Byte, R0, R6, 13));
        Is("69 60 02 00 00 00 00 00", "r0 = *(u16 *)(r6 +2)", a => a.Load(OperandSize.Half, R0, R6, 2));
        Is("61 60 00 00 00 00 00 00", "r0 = *(u32 *)(r6 +0)", a => a.Load(Word, R0, R6, 0));
        Is("79 a0 f8 ff 00 00 00 00", "r0 = *(u64 *)(r10 -8)", a => a.Load(DoubleWord, R0, R10, -8));
        Is("91 70 01 00 00 00 00 00", "r0 = *(s8 *)(r7 +1)", a => a.LoadSigned(OperandSize.Byte, R0, R7, 1));
        Is("81 70 04 00 00 00 00 00", "r0 = *(s32 *)(r7 +4)", a => a.LoadSigned(Word, R0, R7, 4));
        Is("73 2a ff ff 00 00 00 00", "*(u8 *)(r10 -1) = r2", a => a.Store(OperandSize.Byte, R10, -1, R2));
        Is("6b 2a fe ff 00 00 00 00", "*(u16 *)(r10 -2) = r2", a => a.Store(OperandSize.Half, R10, -2, R2));
        Is("63 2a fc ff 00 00 00 00", "*(u32 *)(r10 -4) = r2", a => a.Store(Word, R10, -4, R2));
        Is("7b 2a f8 ff 00 00 00 00", "*(u64 *)(r10 -8) = r2", a => a.Store(DoubleWord, R10, -8, R2));
        Is("72 0a ff ff 01 00 00 00", "*(u8 *)(r10 -1) = 1", a => a.StoreImmediate(OperandSize.Byte, R10, -1, 1));
        Is("7a 0a f0 ff ff ff ff ff", "*(u64 *)(r10 -16) = -1", a => a.StoreImmediate(DoubleWord, R10, -16, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Assembler().LoadSigned(DoubleWord, R0, R7, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Assembler().Load(Word, R0, R7, 32768));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Assembler().Load(Word, R0, R7, -32769));
    }

    [Fact]
    public void Atomic_operations()
    {
        Is("db 21 08 00 00 00 00 00", "lock *(u64 *)(r1 +8) += r2", a => a.Atomic(Add, DoubleWord, R1, 8, R2));
        Is("c3 21 08 00 00 00 00 00", "lock *(u32 *)(r1 +8) += r2", a => a.Atomic(Add, Word, R1, 8, R2));
        Is("db 21 08 00 40 00 00 00", "lock *(u64 *)(r1 +8) |= r2", a => a.Atomic(Or, DoubleWord, R1, 8, R2));
        Is("db 21 08 00 50 00 00 00", "lock *(u64 *)(r1 +8) &= r2", a => a.Atomic(And, DoubleWord, R1, 8, R2));
        Is("db 21 08 00 a0 00 00 00", "lock *(u64 *)(r1 +8) ^= r2", a => a.Atomic(Xor, DoubleWord, R1, 8, R2));
        Is("db 01 00 00 01 00 00 00", "r0 = atomic_fetch_add((u64 *)(r1 +0), r0)", a => a.Atomic(FetchAdd, DoubleWord, R1, 0, R0));
        Is("db 01 00 00 41 00 00 00", "r0 = atomic_fetch_or((u64 *)(r1 +0), r0)", a => a.Atomic(FetchOr, DoubleWord, R1, 0, R0));
        Is("db 01 00 00 51 00 00 00", "r0 = atomic_fetch_and((u64 *)(r1 +0), r0)", a => a.Atomic(FetchAnd, DoubleWord, R1, 0, R0));
        Is("db 01 00 00 a1 00 00 00", "r0 = atomic_fetch_xor((u64 *)(r1 +0), r0)", a => a.Atomic(FetchXor, DoubleWord, R1, 0, R0));
        Is("db 01 00 00 e1 00 00 00", "r0 = xchg((u64 *)(r1 +0), r0)", a => a.Atomic(Exchange, DoubleWord, R1, 0, R0));
        Is("db 31 00 00 f1 00 00 00", "r0 = cmpxchg((u64 *)(r1 +0), r0, r3)", a => a.Atomic(CompareExchange, DoubleWord, R1, 0, R3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Assembler().Atomic(Add, OperandSize.Half, R1, 0, R2));
    }

    [Fact]
    public void Calls()
    {
        Is("85 00 00 00 1a 00 00 00", "call skb_load_bytes", a => a.Call(Helper.SkbLoadBytes));
        Is("85 00 00 00 88 00 00 00", "call skc_to_tcp6_sock", a => a.Call(Helper.SkcToTcp6Sock));
        Is("85 20 00 00 39 30 00 00", "call kernel function 12345", a => a.CallKernelFunction(12345));
        Is("95 00 00 00 00 00 00 00", "exit", a => a.Exit());
    }

    [Fact]
    public void Jumps()
    {
        Jump("15 01 01 00 03 00 00 00", "if r1 == 3 goto there", Condition.Equal, 3);
        Jump("1d 21 01 00 00 00 00 00", "if r1 == r2 goto there", Condition.Equal, R2);
        Jump("55 01 01 00 03 00 00 00", "if r1 != 3 goto there", Condition.NotEqual, 3);
        Jump("25 01 01 00 03 00 00 00", "if r1 > 3 goto there", Condition.Above, 3);
        Jump("35 01 01 00 03 00 00 00", "if r1 >= 3 goto there", Condition.AboveOrEqual, 3);
        Jump("a5 01 01 00 03 00 00 00", "if r1 < 3 goto there", Condition.Below, 3);
        Jump("b5 01 01 00 03 00 00 00", "if r1 <= 3 goto there", Condition.BelowOrEqual, 3);
        Jump("65 01 01 00 fd ff ff ff", "if r1 s> -3 goto there", Condition.Greater, -3);
        Jump("7d 21 01 00 00 00 00 00", "if r1 s>= r2 goto there", Condition.GreaterOrEqual, R2);
        Jump("c5 01 01 00 03 00 00 00", "if r1 s< 3 goto there", Condition.Less, 3);
        Jump("d5 01 01 00 03 00 00 00", "if r1 s<= 3 goto there", Condition.LessOrEqual, 3);
        Jump("45 01 01 00 03 00 00 00", "if r1 & 3 goto there", Condition.BitsSet, 3);
        Jump32("16 01 01 00 03 00 00 00", "if w1 == 3 goto there", Condition.Equal, 3);
        Jump32("2e 21 01 00 00 00 00 00", "if w1 > w2 goto there", Condition.Above, R2);
        Jump32("c6 01 01 00 fd ff ff ff", "if w1 s< -3 goto there", Condition.Less, -3);
    }

    private static void Jump(string bytes, string text, Condition condition, Operand right) =>
        IsFirst(bytes, text, (a, there) => a.JumpIf(R1, condition, right, there));

    private static void Jump32(string bytes, string text, Condition condition, Operand right) =>
        IsFirst(bytes, text, (a, there) => a.JumpIf32(R1, condition, right, there));

    private static void IsFirst(string bytes, string text, Action<Assembler, Label> emit)
    {
        var assembler = new Assembler();
        Label there = assembler.NewLabel("there");
        emit(assembler, there);
        assembler.Exit();
        assembler.Mark(there);
        ProgramImage image = assembler.Build();
        Assert.Equal(bytes, Bytes(image.Instructions.AsSpan()[..1]));
        Assert.Equal("    0: " + text, image.ListingLine(0));
    }

    private static void Is(string bytes, string text, Action<Assembler> emit)
    {
        var assembler = new Assembler();
        emit(assembler);
        ProgramImage image = assembler.Build();
        Assert.Equal(bytes, Bytes(image.Instructions.AsSpan()));
        Assert.Equal($"    0: {text}\n", image.Listing);
    }

    private static string Bytes(ReadOnlySpan<ulong> instructions)
    {
        byte[] bytes = new byte[instructions.Length * sizeof(ulong)];
        for (int i = 0; i < instructions.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), instructions[i]);
        return string.Join(' ', bytes.Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }
}
