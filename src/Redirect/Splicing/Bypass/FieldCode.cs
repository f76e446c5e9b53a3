using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>Reads the kernel's fields in programs.</summary>
internal static class FieldCode
{
    /// <summary>destination = a field of the structure that a register points to, as wide as this kernel has it.</summary>
    internal static void Load(this Assembler code, BypassFields fields, BypassField field, Register destination, Register structure)
    {
        BtfField place = fields[field];
        code.Load(SizeOf(place.Size), destination, structure, place.Offset);
    }

    private static OperandSize SizeOf(int bytes) => bytes switch
    {
        1 => OperandSize.Byte,
        2 => OperandSize.Half,
        4 => OperandSize.Word,
        _ => OperandSize.DoubleWord,
    };
}
