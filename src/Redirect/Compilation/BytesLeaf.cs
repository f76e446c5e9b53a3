using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>Tests bytes at one place of the message. The first byte that differs from every value makes it false.</summary>
internal readonly record struct BytesLeaf
{
    private readonly int _offset;
    private readonly bool _ignoresCase;
    private readonly byte[][] _values;

    internal BytesLeaf(BytesTest test)
    {
        (_offset, _ignoresCase) = (test.Offset, test.IgnoresCase);
        _values = [.. test.Values.Select(value => test.IgnoresCase ? AsciiCase.Fold(value.AsSpan()) : [.. value])];
    }

    internal Truth Test(ref Evaluation evaluation)
    {
        ReadOnlySpan<byte> data = evaluation.Data;
        if (_offset >= data.Length)
            return evaluation.Without((long)_offset + 1);

        data = data[_offset..];
        bool mayFollow = false;
        foreach (byte[] value in _values)
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

    private bool StartsWith(ReadOnlySpan<byte> data, ReadOnlySpan<byte> value) =>
        _ignoresCase ? AsciiCase.StartsWith(data, value) : data.StartsWith(value);
}
