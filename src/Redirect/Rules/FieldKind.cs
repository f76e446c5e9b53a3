namespace Sluice.Redirect.Rules;

/// <summary>What a field's values are, and so which <see cref="Predicate"/> tests them.</summary>
public enum FieldKind : byte
{
    /// <summary>An IP address: <see cref="AddressTest"/>.</summary>
    Address,
    /// <summary>A number that is no part of the message: <see cref="NumberTest"/>.</summary>
    Number,
    /// <summary>Bytes of the message that are read as a number: <see cref="BytesAsNumberTest"/>.</summary>
    BytesAsNumber,
    /// <summary>Bytes of the message as they are: <see cref="BytesTest"/>.</summary>
    Bytes,
    /// <summary>Names that are inside the message: <see cref="NameTest"/>.</summary>
    Name,
}
