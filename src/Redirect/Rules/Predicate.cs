using System.Collections.Immutable;

namespace Sluice.Redirect.Rules;

/// <summary>
/// A condition of a rule. It is true, false, or not decided yet because the bytes at hand are too few; once no more will
/// come, a field that is not there makes its test false.
/// </summary>
public abstract record Predicate;

/// <summary>True when all parts are; true when there are none.</summary>
public sealed record AllOf(ImmutableArray<Predicate> Parts) : Predicate;

/// <summary>True when at least one part is.</summary>
public sealed record AnyOf(ImmutableArray<Predicate> Parts) : Predicate;

/// <summary>True when its part is false.</summary>
public sealed record Not(Predicate Part) : Predicate;

/// <summary>True when a numeric field's value is in a set.</summary>
/// <param name="Field">One of ports, family, direction, message length, stream offset.</param>
/// <param name="Values">The set.</param>
public sealed record NumberTest(Field Field, NumberSet Values) : Predicate;

/// <summary>True when bytes of the message, read as a number, are in a set.</summary>
/// <param name="Offset">Of the first byte in the message.</param>
/// <param name="Width">1, 2, 4 or 8 bytes.</param>
/// <param name="IsLittleEndian">The order of the bytes; the network's order is big-endian.</param>
/// <param name="Mask">Only these bits are compared; all others count as 0.</param>
/// <param name="Values">The set, of values that fit the width.</param>
public sealed record BytesAsNumberTest(int Offset, int Width, bool IsLittleEndian, ulong Mask, NumberSet Values) : Predicate;

/// <summary>True when an address is inside one of a set of prefixes.</summary>
public sealed record AddressTest(Field Field, PrefixSet Prefixes) : Predicate;

/// <summary>True when one of several byte strings stands in the message, beginning somewhere from <paramref name="Offset"/> to Offset + Within.</summary>
/// <param name="Offset">The first place it may begin at.</param>
/// <param name="Within">0: it must begin at <paramref name="Offset"/>.</param>
/// <param name="IgnoresCase">ASCII letters match in either case.</param>
/// <param name="Values">At least one, none empty.</param>
public sealed record BytesTest(int Offset, int Within, bool IgnoresCase, ImmutableArray<ImmutableArray<byte>> Values) : Predicate;

/// <summary>
/// True when a name of the ClientHello matches a pattern: the name itself, ASCII letters in either case for
/// <see cref="Field.Sni"/>; for SNI also <c>*.example.com</c>, any name below that one.
/// </summary>
/// <param name="Field"><see cref="Field.Sni"/> or <see cref="Field.Alpn"/>.</param>
/// <param name="Patterns">At least one, none empty.</param>
public sealed record NameTest(Field Field, ImmutableArray<string> Patterns) : Predicate;
