using CsCheck;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Tests.Rules;

public sealed class NumberSetTests
{
    // Small numbers, numbers at the very top, and numbers that are powers of two apart.
    private static readonly Gen<ulong> Number = Gen.OneOf(
        Gen.ULong[0, 40], Gen.ULong[0, 40].Select(n => ulong.MaxValue - n), Gen.Int[0, 63].Select(bit => 1UL << bit), Gen.ULong);

    private static readonly Gen<NumberRange[]> Ranges =
        Gen.Select(Number, Gen.OneOf(Gen.ULong[0, 6], Gen.ULong)).Select((first, more) => new NumberRange(first, more > ulong.MaxValue - first ? first : first + more)).Array[0, 40];

    [Fact]
    public void A_number_is_in_the_set_when_it_is_in_a_range() =>
        Gen.Select(Ranges, Number.Array[1, 20]).Sample((ranges, others) =>
        {
            var set = new NumberSet(ranges);
            foreach (ulong number in Probes(ranges).Concat(others))
                Assert.Equal(IsIn(ranges, number), set.Contains(number));
        });

    [Fact]
    public void Sets_of_sets_are_those_of_the_numbers() =>
        Gen.Select(Ranges, Ranges).Sample((some, others) =>
        {
            (NumberSet a, NumberSet b) = (new NumberSet(some), new NumberSet(others));
            (NumberSet both, NumberSet rest) = (a.Intersect(b), a.Complement());
            ulong[] probes = [.. Probes([.. some, .. others])];
            foreach (ulong number in probes)
            {
                Assert.Equal(IsIn(some, number) && IsIn(others, number), both.Contains(number));
                Assert.Equal(!IsIn(some, number), rest.Contains(number));
            }

            // The edges of all ranges are probed, so a number that makes the difference is among them.
            Assert.Equal(probes.All(number => !IsIn(some, number) || IsIn(others, number)), a.IsSubsetOf(b));
            Assert.Equal(a, rest.Complement());
        });

    [Fact]
    public void Ranges_that_touch_are_one() =>
        Assert.Equal("1-9, 20", new NumberSet([new(4, 9), new(20, 20), new(1, 3)]).ToString());

    [Fact]
    public void A_range_the_wrong_way_round_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new NumberSet([new(2, 1)]));

    private static bool IsIn(NumberRange[] ranges, ulong number) => ranges.Any(range => range.First <= number && number <= range.Last);

    private static IEnumerable<ulong> Probes(NumberRange[] ranges) =>
        ranges.SelectMany(range => new[] { range.First, range.Last, range.First - 1, range.Last + 1 }).Append(0UL).Append(ulong.MaxValue);
}
