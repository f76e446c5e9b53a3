using System.Collections.Immutable;
using System.Text;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Rules.Tls;

namespace Sluice.Redirect.Compilation;

/// <summary>What one test says about another. Sound and not complete: false may also mean that it cannot tell.</summary>
internal static class TestLogic
{
    /// <summary>Whether the second test is true wherever the first one is.</summary>
    internal static bool Implies(Predicate a, Predicate b) => (a, b) switch
    {
        (NumberTest x, NumberTest y) => x.Field == y.Field && x.Values.IsSubsetOf(y.Values),
        (AddressTest x, AddressTest y) => x.Field == y.Field && x.Prefixes.IsSubsetOf(y.Prefixes),
        (BytesAsNumberTest x, BytesAsNumberTest y) => IsSamePlace(x, y) && x.Values.IsSubsetOf(y.Values),
        (BytesTest x, BytesTest y) => (y.IgnoresCase || !x.IgnoresCase) && x.Values.All(value => y.Values.Any(other => IsInside(x, value.AsSpan(), y, other.AsSpan()))),
        (NameTest x, NameTest y) => x.Field == y.Field && x.Patterns.All(pattern => y.Patterns.Any(other => Covers(x.Field, other, pattern))),
        _ => false,
    };

    /// <summary>Whether the two are never true together.</summary>
    internal static bool Excludes(Predicate a, Predicate b) => (a, b) switch
    {
        (NumberTest x, NumberTest y) => x.Field == y.Field && x.Values.Intersect(y.Values).Ranges.IsEmpty,
        (AddressTest x, AddressTest y) => x.Field == y.Field && !x.Prefixes.Overlaps(y.Prefixes),
        (BytesAsNumberTest x, BytesAsNumberTest y) => IsSamePlace(x, y) && x.Values.Intersect(y.Values).Ranges.IsEmpty,
        (BytesTest { Within: 0 } x, BytesTest { Within: 0 } y) => x.Values.All(value => y.Values.All(other => Differ(x, value, y, other))),
        // A hello asks for one host, and may offer several protocols.
        (NameTest { Field: Field.Sni } x, NameTest { Field: Field.Sni } y) =>
            x.Patterns.All(one => y.Patterns.All(other => !Covers(Field.Sni, one, other) && !Covers(Field.Sni, other, one))),
        _ => false,
    };

    internal static bool IsSamePlace(BytesAsNumberTest a, BytesAsNumberTest b) => a with { Values = b.Values } == b;

    // Wherever the value stands, the other one stands within it and begins where it may.
    private static bool IsInside(BytesTest test, ReadOnlySpan<byte> value, BytesTest within, ReadOnlySpan<byte> other)
    {
        for (int at = 0; at + other.Length <= value.Length; at++)
        {
            bool mayBegin = (long)test.Offset + at >= within.Offset
                && (long)test.Offset + test.Within + at <= (long)within.Offset + within.Within;
            if (mayBegin && Same(value.Slice(at, other.Length), other, within.IgnoresCase))
                return true;
        }

        return false;
    }

    private static bool Differ(BytesTest a, ImmutableArray<byte> value, BytesTest b, ImmutableArray<byte> other)
    {
        long from = Math.Max(a.Offset, b.Offset);
        long to = Math.Min((long)a.Offset + value.Length, (long)b.Offset + other.Length);
        return from < to && !Same(
            value.AsSpan()[(int)(from - a.Offset)..(int)(to - a.Offset)],
            other.AsSpan()[(int)(from - b.Offset)..(int)(to - b.Offset)],
            a.IgnoresCase || b.IgnoresCase);
    }

    private static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, bool ignoresCase) =>
        ignoresCase ? AsciiCase.StartsWith(a, AsciiCase.Fold(b)) : a.SequenceEqual(b);

    // Whether every name that the narrower pattern matches is matched by the wider one.
    private static bool Covers(Field field, string wide, string narrow) => field == Field.Sni
        ? string.Equals(wide, narrow, StringComparison.OrdinalIgnoreCase)
            || HostNamePattern.Matches(Encoding.Latin1.GetBytes(narrow.StartsWith("*.", StringComparison.Ordinal) ? $"x{narrow[1..]}" : narrow), wide)
        : wide == narrow;
}
