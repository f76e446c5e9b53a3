namespace Sluice.Redirect.Bpf;

/// <summary>When a jump is taken; the number is the condition's code in an opcode. Above and Below compare unsigned, Greater and Less signed.</summary>
public enum Condition : byte
{
    /// <summary>The same.</summary>
    Equal = 0x10,
    /// <summary>Larger, unsigned.</summary>
    Above = 0x20,
    /// <summary>Larger or the same, unsigned.</summary>
    AboveOrEqual = 0x30,
    /// <summary>They have a set bit in common.</summary>
    BitsSet = 0x40,
    /// <summary>Not the same.</summary>
    NotEqual = 0x50,
    /// <summary>Larger, signed.</summary>
    Greater = 0x60,
    /// <summary>Larger or the same, signed.</summary>
    GreaterOrEqual = 0x70,
    /// <summary>Smaller, unsigned.</summary>
    Below = 0xA0,
    /// <summary>Smaller or the same, unsigned.</summary>
    BelowOrEqual = 0xB0,
    /// <summary>Smaller, signed.</summary>
    Less = 0xC0,
    /// <summary>Smaller or the same, signed.</summary>
    LessOrEqual = 0xD0,
}
