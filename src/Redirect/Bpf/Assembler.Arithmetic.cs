namespace Sluice.Redirect.Bpf;

// Operations on 32 bits clear the upper half of the destination. A divisor of 0 gives 0, and for the remainder the dividend.
public sealed partial class Assembler
{
    /// <summary>destination = source.</summary>
    public void Move(Register destination, Operand source) => Arithmetic64(Opcode.Move, destination, source);

    /// <summary>destination = lower half of source.</summary>
    public void Move32(Register destination, Operand source) => Arithmetic32(Opcode.Move, destination, source);

    /// <summary>destination = a number of 64 bits. Counts as two instructions.</summary>
    public void MoveWide(Register destination, ulong number) =>
        Wide(destination, Opcode.IsNumber, (int)(uint)number, (int)(uint)(number >> 32));

    /// <summary>destination += source.</summary>
    public void Add(Register destination, Operand source) => Arithmetic64(Opcode.Add, destination, source);

    /// <summary>destination += source, 32 bits.</summary>
    public void Add32(Register destination, Operand source) => Arithmetic32(Opcode.Add, destination, source);

    /// <summary>destination -= source.</summary>
    public void Subtract(Register destination, Operand source) => Arithmetic64(Opcode.Subtract, destination, source);

    /// <summary>destination -= source, 32 bits.</summary>
    public void Subtract32(Register destination, Operand source) => Arithmetic32(Opcode.Subtract, destination, source);

    /// <summary>destination *= source.</summary>
    public void Multiply(Register destination, Operand source) => Arithmetic64(Opcode.Multiply, destination, source);

    /// <summary>destination *= source, 32 bits.</summary>
    public void Multiply32(Register destination, Operand source) => Arithmetic32(Opcode.Multiply, destination, source);

    /// <summary>destination /= source, unsigned.</summary>
    public void Divide(Register destination, Operand source) => Arithmetic64(Opcode.Divide, destination, source);

    /// <summary>destination /= source, 32 bits, unsigned.</summary>
    public void Divide32(Register destination, Operand source) => Arithmetic32(Opcode.Divide, destination, source);

    /// <summary>destination %= source, unsigned.</summary>
    public void Modulo(Register destination, Operand source) => Arithmetic64(Opcode.Modulo, destination, source);

    /// <summary>destination %= source, 32 bits, unsigned.</summary>
    public void Modulo32(Register destination, Operand source) => Arithmetic32(Opcode.Modulo, destination, source);

    /// <summary>destination &amp;= source.</summary>
    public void And(Register destination, Operand source) => Arithmetic64(Opcode.And, destination, source);

    /// <summary>destination &amp;= source, 32 bits.</summary>
    public void And32(Register destination, Operand source) => Arithmetic32(Opcode.And, destination, source);

    /// <summary>destination |= source.</summary>
    public void Or(Register destination, Operand source) => Arithmetic64(Opcode.Or, destination, source);

    /// <summary>destination |= source, 32 bits.</summary>
    public void Or32(Register destination, Operand source) => Arithmetic32(Opcode.Or, destination, source);

    /// <summary>destination ^= source.</summary>
    public void Xor(Register destination, Operand source) => Arithmetic64(Opcode.Xor, destination, source);

    /// <summary>destination ^= source, 32 bits.</summary>
    public void Xor32(Register destination, Operand source) => Arithmetic32(Opcode.Xor, destination, source);

    /// <summary>destination &lt;&lt;= source, of which 6 bits count.</summary>
    public void ShiftLeft(Register destination, Operand source) => Arithmetic64(Opcode.ShiftLeft, destination, source);

    /// <summary>destination &lt;&lt;= source, 32 bits; of the source 5 bits count.</summary>
    public void ShiftLeft32(Register destination, Operand source) => Arithmetic32(Opcode.ShiftLeft, destination, source);

    /// <summary>destination &gt;&gt;= source, unsigned; of the source 6 bits count.</summary>
    public void ShiftRight(Register destination, Operand source) => Arithmetic64(Opcode.ShiftRight, destination, source);

    /// <summary>destination &gt;&gt;= source, 32 bits, unsigned; of the source 5 bits count.</summary>
    public void ShiftRight32(Register destination, Operand source) => Arithmetic32(Opcode.ShiftRight, destination, source);

    /// <summary>destination &gt;&gt;= source, signed; of the source 6 bits count.</summary>
    public void ArithmeticShiftRight(Register destination, Operand source) => Arithmetic64(Opcode.ArithmeticShiftRight, destination, source);

    /// <summary>destination &gt;&gt;= source, 32 bits, signed; of the source 5 bits count.</summary>
    public void ArithmeticShiftRight32(Register destination, Operand source) => Arithmetic32(Opcode.ArithmeticShiftRight, destination, source);

    /// <summary>destination = -destination.</summary>
    public void Negate(Register destination) => Arithmetic64(Opcode.Negate, destination, 0);

    /// <summary>destination = -destination, 32 bits.</summary>
    public void Negate32(Register destination) => Arithmetic32(Opcode.Negate, destination, 0);

    /// <summary>Makes the lowest 16, 32 or 64 bits a big-endian number, or that one ours again; the bits above become 0.</summary>
    public void ToBigEndian(Register register, int bits) => Emit(Opcode.ToBigEndian, register, immediate: CheckBits(bits));

    /// <summary>Makes the lowest 16, 32 or 64 bits a little-endian number; on the machines we run on, that only clears the bits above.</summary>
    public void ToLittleEndian(Register register, int bits) => Emit(Opcode.ToLittleEndian, register, immediate: CheckBits(bits));

    private static int CheckBits(int bits) =>
        bits is 16 or 32 or 64 ? bits : throw new ArgumentOutOfRangeException(nameof(bits), bits, "The order of bytes is of 16, 32 or 64 bits");

    private void Arithmetic64(byte operation, Register destination, Operand source) => Arithmetic(Opcode.ClassArithmetic64 | operation, destination, source);

    private void Arithmetic32(byte operation, Register destination, Operand source) => Arithmetic(Opcode.ClassArithmetic32 | operation, destination, source);

    private void Arithmetic(int opcode, Register destination, Operand source)
    {
        if (source.IsRegister)
            Emit(opcode | Opcode.FromRegister, destination, source.Register);
        else
            Emit(opcode, destination, immediate: source.Number);
    }

    private void Wide(Register destination, Register kind, int lower, int upper)
    {
        Emit(Opcode.LoadWide, destination, kind, immediate: lower);
        Emit(0, immediate: upper);
    }
}
