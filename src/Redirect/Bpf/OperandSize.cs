namespace Sluice.Redirect.Bpf;

/// <summary>How many bytes a load or store moves; the number is the size's code in an opcode.</summary>
public enum OperandSize : byte
{
    /// <summary>4 bytes.</summary>
    Word = 0x00,
    /// <summary>2 bytes.</summary>
    Half = 0x08,
    /// <summary>1 byte.</summary>
    Byte = 0x10,
    /// <summary>8 bytes.</summary>
    DoubleWord = 0x18,
}
