using System.Collections.Immutable;

namespace Sluice.Redirect.Rules;

/// <summary>A set of unsigned numbers, kept as disjoint ranges in ascending order. Immutable.</summary>
public sealed class NumberSet : IEquatable<NumberSet>
{
    private readonly ulong[] _firsts;

    /// <summary>The numbers of all <paramref name="ranges"/> together; each with First ≤ Last, in any order, also overlapping.</summary>
    public NumberSet(IEnumerable<NumberRange> ranges)
    {
        Ranges = Merge(ranges);
        _firsts = [.. Ranges.Select(range => range.First)];
    }

    /// <summary>Disjoint, not adjacent, ascending.</summary>
    public ImmutableArray<NumberRange> Ranges { get; }

    /// <summary>Takes logarithmic time in the number of ranges.</summary>
    public bool Contains(ulong number)
    {
        int index = Array.BinarySearch(_firsts, number);
        if (index >= 0)
            return true;

        int before = ~index - 1;
        return before >= 0 && number <= Ranges[before].Last;
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
