namespace Sluice.Redirect.Bpf;

/// <summary>
/// struct bpf_insn of uapi/linux/bpf.h as a little-endian number:
/// <code>
/// bits  0-7   opcode
/// bits  8-11  destination register
/// bits 12-15  source register, or what kind of immediate it is
/// bits 16-31  offset, signed
/// bits 32-63  immediate, signed
/// </code>
/// </summary>
internal readonly record struct Instruction(byte Opcode, Register Destination, Register Source, short Offset, int Immediate)
{
    internal ulong Encode() =>
        Opcode | ((ulong)Destination << 8) | ((ulong)Source << 12) | ((ulong)(ushort)Offset << 16) | ((ulong)(uint)Immediate << 32);

    internal static Instruction Decode(ulong bits) => new(
        (byte)bits, (Register)((bits >> 8) & 0xF), (Register)((bits >> 12) & 0xF), (short)(bits >> 16), (int)(bits >> 32));
}
