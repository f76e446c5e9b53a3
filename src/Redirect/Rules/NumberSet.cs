using System.Collections.Immutable;

namespace Sluice.Redirect.Rules;

/// <summary>A set of unsigned numbers, kept as disjoint ranges in ascending order. Immutable.</summary>
public sealed class NumberSet : IEquatable<NumberSet>
{
    private readonly RangeIndex _index;

    /// <summary>The numbers of all <paramref name="ranges"/> together; each with First ≤ Last, in any order, also overlapping.</summary>
    public NumberSet(IEnumerable<NumberRange> ranges)
    {
        Ranges = Merge(ranges);
        _index = new RangeIndex(Ranges.AsSpan());
    }

    /// <summary>Disjoint, not adjacent, ascending.</summary>
    public ImmutableArray<NumberRange> Ranges { get; }

    /// <summary>Takes a time that hardly depends on the number of ranges.</summary>
    public bool Contains(ulong number) => _index.Find(number) >= 0;

    /// <summary>Whether <paramref name="other"/> has every number of this one.</summary>
    public bool IsSubsetOf(NumberSet other) => Ranges.All(range => other._index.Find(range.First) is var at and >= 0 && range.Last <= other.Ranges[at].Last);

    /// <summary>The numbers that are in both.</summary>
    public NumberSet Intersect(NumberSet other)
    {
        List<NumberRange> both = [];
        for (int i = 0, k = 0; i < Ranges.Length && k < other.Ranges.Length;)
        {
            ulong first = Math.Max(Ranges[i].First, other.Ranges[k].First);
            ulong last = Math.Min(Ranges[i].Last, other.Ranges[k].Last);
            if (first <= last)
                both.Add(new NumberRange(first, last));
            if (Ranges[i].Last < other.Ranges[k].Last)
                i++;
            else
                k++;
        }

        return new NumberSet(both);
    }

    /// <summary>The 64-bit numbers that are not in this one.</summary>
    public NumberSet Complement()
    {
        List<NumberRange> gaps = [];
        ulong next = 0;
        foreach (NumberRange range in Ranges)
        {
            if (range.First > next)
                gaps.Add(new NumberRange(next, range.First - 1));
            if (range.Last == ulong.MaxValue)
                return new NumberSet(gaps);

            next = range.Last + 1;
        }

        gaps.Add(new NumberRange(next, ulong.MaxValue));
        return new NumberSet(gaps);
    }

    /// <inheritdoc/>
    public bool Equals(NumberSet? other) => other is not null && Ranges.AsSpan().SequenceEqual(other.Ranges.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NumberSet);

    /// <inheritdoc/>
    public override int GetHashCode() => Ranges.IsEmpty ? 0 : HashCode.Combine(Ranges.Length, Ranges[0], Ranges[^1]);

    /// <summary>For people: <c>1, 5-9</c>.</summary>
    public override string ToString() =>
        string.Join(", ", Ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}"));

    private static ImmutableArray<NumberRange> Merge(IEnumerable<NumberRange> ranges)
    {
        ImmutableArray<NumberRange>.Builder merged = ImmutableArray.CreateBuilder<NumberRange>();
        foreach (NumberRange range in ranges.OrderBy(range => range.First))
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(range.First, range.Last);
            if (merged.Count > 0 && (merged[^1].Last == ulong.MaxValue || range.First <= merged[^1].Last + 1))
                merged[^1] = merged[^1] with { Last = Math.Max(merged[^1].Last, range.Last) };
            else
                merged.Add(range);
        }

        return merged.ToImmutable();
    }
}
