using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>Searches a range of the message for bytes.</summary>
internal readonly struct SearchLeaf
{
    private readonly int _offset;
    private readonly long _lastStart;
    private readonly SearchValue[] _values;

    internal SearchLeaf(BytesTest test)
    {
        (_offset, _lastStart) = (test.Offset, (long)test.Offset + test.Within);
        _values = [.. test.Values.Select(value => new SearchValue(value.AsSpan(), test.IgnoresCase))];
    }

    internal Truth Test(ref Evaluation evaluation)
    {
        ReadOnlySpan<byte> data = evaluation.Data;
        foreach (SearchValue value in _values)
        {
            int end = (int)Math.Min(data.Length, _lastStart + value.Length);
            if (end - _offset >= value.Length && value.IsIn(data[_offset..end]))
                return Truth.True;
        }

        return evaluation.IsFinal ? Truth.False : Undecided(data);
    }

    // It may become true as soon as the value that has begun first is whole, and false when no place is left to begin at.
    private Truth Undecided(ReadOnlySpan<byte> data)
    {
        long next = Math.Max(data.Length, _offset);
        long whole = long.MaxValue;
        foreach (SearchValue value in _values)
        {
            long start = next - value.Begun(data[Math.Min(data.Length, _offset)..]);
            if (start <= _lastStart)
                whole = Math.Min(whole, start + value.Length);
        }

        long noneLeft = Math.Max(next, _lastStart) + 1;
        return whole == long.MaxValue ? Truth.False : Truth.Unknown(Math.Min(whole, noneLeft));
    }
}
