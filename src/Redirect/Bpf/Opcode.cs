namespace Sluice.Redirect.Bpf;

/// <summary>
/// What opcodes are made of (RFC 9669, section 3):
/// <code>
/// bits 0-2  class
/// arithmetic and jumps:  bit 3     the source is a register, bits 4-7 operation
/// loads and stores:      bits 3-4  size (OperandSize),       bits 5-7 mode
/// </code>
/// </summary>
internal static class Opcode
{
    internal const byte ClassMask = 0x07;
    internal const byte ClassLoadImmediate = 0x00;
    internal const byte ClassLoad = 0x01;
    internal const byte ClassStoreImmediate = 0x02;
    internal const byte ClassStore = 0x03;
    internal const byte ClassArithmetic32 = 0x04;
    internal const byte ClassJump = 0x05;
    internal const byte ClassJump32 = 0x06;
    internal const byte ClassArithmetic64 = 0x07;

    internal const byte FromRegister = 0x08;
    internal const byte OperationMask = 0xF0;

    internal const byte SizeMask = 0x18;
    internal const byte ModeMask = 0xE0;
    internal const byte ModeMemory = 0x60;
    internal const byte ModeSignedMemory = 0x80;
    internal const byte ModeAtomic = 0xC0;

    internal const byte Add = 0x00;
    internal const byte Subtract = 0x10;
    internal const byte Multiply = 0x20;
    internal const byte Divide = 0x30;
    internal const byte Or = 0x40;
    internal const byte And = 0x50;
    internal const byte ShiftLeft = 0x60;
    internal const byte ShiftRight = 0x70;
    internal const byte Negate = 0x80;
    internal const byte Modulo = 0x90;
    internal const byte Xor = 0xA0;
    internal const byte Move = 0xB0;
    internal const byte ArithmeticShiftRight = 0xC0;
    internal const byte SwapBytes = 0xD0;

    internal const byte ToLittleEndian = ClassArithmetic32 | SwapBytes;
    internal const byte ToBigEndian = ClassArithmetic32 | SwapBytes | FromRegister;

    /// <summary>Its immediate is 64 bits wide: the upper half is that of the next instruction, which is otherwise empty.</summary>
    internal const byte LoadWide = ClassLoadImmediate | (byte)OperandSize.DoubleWord;
    internal const byte Goto = ClassJump;
    /// <summary>The distance is the immediate (Linux 6.6).</summary>
    internal const byte LongGoto = ClassJump32;
    internal const byte Call = ClassJump | 0x80;
    internal const byte Exit = ClassJump | 0x90;

    // What the source register's place says of an immediate.
    internal const Register IsNumber = 0;
    internal const Register IsMap = (Register)1;
    internal const Register IsMapValue = (Register)2;
    internal const Register IsKernelFunction = (Register)2;
}
