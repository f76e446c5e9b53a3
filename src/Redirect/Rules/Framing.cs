using System.Collections.Immutable;

namespace Sluice.Redirect.Rules;

/// <summary>How a stream divides into messages: the stream parser of a program.</summary>
public abstract record Framing;

/// <summary>Every message is <paramref name="Bytes"/> long, at least 1.</summary>
public sealed record FixedLength(int Bytes) : Framing;

/// <summary>
/// A message carries its length. Its whole length is the number at <paramref name="Offset"/> plus
/// <paramref name="Adjustment"/>, plus the bytes up to the end of that number unless it <paramref name="IncludesHeader"/>.
/// </summary>
/// <param name="Offset">Of the number in the message.</param>
/// <param name="Format">How the number is written.</param>
/// <param name="IsLittleEndian">The order of its bytes; of no meaning for <see cref="LengthFormat.Varint"/>.</param>
/// <param name="Adjustment">Added to the number; may be negative.</param>
/// <param name="IncludesHeader">The number counts the message from its first byte.</param>
public sealed record LengthPrefix(int Offset, LengthFormat Format, bool IsLittleEndian, int Adjustment, bool IncludesHeader) : Framing;

/// <summary>A message ends with these bytes, at least one. The managed engine only.</summary>
public sealed record Delimiter(ImmutableArray<byte> Bytes) : Framing;
