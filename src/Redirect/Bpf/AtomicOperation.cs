namespace Sluice.Redirect.Bpf;

/// <summary>What an atomic instruction does to memory; the number is the instruction's immediate. Those that fetch put the old value into the source register.</summary>
public enum AtomicOperation
{
    /// <summary>Adds.</summary>
    Add = 0x00,
    /// <summary>Adds and fetches.</summary>
    FetchAdd = 0x01,
    /// <summary>Sets bits.</summary>
    Or = 0x40,
    /// <summary>Sets bits and fetches.</summary>
    FetchOr = 0x41,
    /// <summary>Keeps bits.</summary>
    And = 0x50,
    /// <summary>Keeps bits and fetches.</summary>
    FetchAnd = 0x51,
    /// <summary>Flips bits.</summary>
    Xor = 0xA0,
    /// <summary>Flips bits and fetches.</summary>
    FetchXor = 0xA1,
    /// <summary>Stores, and fetches.</summary>
    Exchange = 0xE1,
    /// <summary>Stores if memory is what R0 is. R0, not the source, gets the old value.</summary>
    CompareExchange = 0xF1,
}
