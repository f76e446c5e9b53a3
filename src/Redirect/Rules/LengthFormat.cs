namespace Sluice.Redirect.Rules;

/// <summary>How a length prefix writes its number.</summary>
public enum LengthFormat : byte
{
    /// <summary>One byte.</summary>
    U8 = 1,
    /// <summary>Two bytes.</summary>
    U16 = 2,
    /// <summary>Three bytes.</summary>
    U24 = 3,
    /// <summary>Four bytes.</summary>
    U32 = 4,
    /// <summary>Eight bytes.</summary>
    U64 = 8,
    /// <summary>One to four bytes with seven bits each, the lowest first; the top bit says that another follows (MQTT 3.1.1, 2.2.3).</summary>
    Varint = 255,
}
