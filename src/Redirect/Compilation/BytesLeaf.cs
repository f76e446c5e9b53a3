using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>Tests bytes at one place of the message. The first byte that differs from every value makes it false.</summary>
internal readonly struct BytesLeaf
{
    // Fewer are gone through as fast as a table is asked.
    private const int FewValues = 4;

    private readonly int _offset;
    private readonly bool _ignoresCase;
    private readonly bool _isOneValue;
    private readonly BytesHead _head;
    private readonly byte[][] _values;
    // For each first byte, where the values in order begin with it or a higher one; null while the values are few.
    private readonly int[]? _firstOf;

    internal BytesLeaf(BytesTest test)
    {
        (_offset, _ignoresCase) = (test.Offset, test.IgnoresCase);
        _values = [.. test.Values.Select(value => test.IgnoresCase ? AsciiCase.Fold(value.AsSpan()) : [.. value]).OrderBy(value => value[0])];
        _isOneValue = _values.Length == 1;
        if (_isOneValue)
            _head = new BytesHead(_values[0], test.IgnoresCase);
        if (_values.Length > FewValues)
            _firstOf = FirstOf(_values);
    }

    internal Truth Test(ref Evaluation evaluation)
    {
        ReadOnlySpan<byte> data = evaluation.Data;
        if (_offset >= data.Length)
            return evaluation.Without((long)_offset + 1);

        data = data[_offset..];
        if (_isOneValue && data.Length >= BytesHead.Bytes)
        {
            if (!_head.IsHeadOf(data))
                return Truth.False;
            if (_values[0].Length <= BytesHead.Bytes)
                return Truth.True;
        }

        bool mayFollow = false;
        foreach (byte[] value in Candidates(data[0]))
        {
            if (data.Length >= value.Length)
            {
                if (StartsWith(data, value))
                    return Truth.True;
            }
            else
            {
                mayFollow = mayFollow || StartsWith(data, value.AsSpan(0, data.Length));
            }
        }

        return mayFollow ? evaluation.Without((long)evaluation.Data.Length + 1) : Truth.False;
    }

    private ReadOnlySpan<byte[]> Candidates(byte first)
    {
        if (_firstOf is null)
            return _values;

        first = _ignoresCase ? AsciiCase.Fold(first) : first;
        return _values.AsSpan(_firstOf[first].._firstOf[first + 1]);
    }

    private static int[] FirstOf(byte[][] values) =>
        [.. Enumerable.Range(0, byte.MaxValue + 2).Select(first => values.Count(value => value[0] < first))];

    private bool StartsWith(ReadOnlySpan<byte> data, ReadOnlySpan<byte> value) =>
        _ignoresCase ? AsciiCase.StartsWith(data, value) : data.StartsWith(value);
}
