namespace Sluice.Redirect.Compilation;

/// <summary>Bytes to search for.</summary>
internal sealed class SearchValue
{
    private readonly bool _ignoresCase;
    private readonly byte[] _bytes;
    // Of the first n bytes: how many of their last ones are the value's own first ones (Knuth, Morris and Pratt).
    private readonly int[] _borders;

    internal SearchValue(ReadOnlySpan<byte> bytes, bool ignoresCase)
    {
        _ignoresCase = ignoresCase;
        _bytes = ignoresCase ? AsciiCase.Fold(bytes) : bytes.ToArray();
        _borders = new int[_bytes.Length + 1];
        for (int i = 1; i < _bytes.Length; i++)
            _borders[i + 1] = Extend(_borders[i], _bytes[i]);
    }

    internal int Length => _bytes.Length;

    internal bool IsIn(ReadOnlySpan<byte> data) => _ignoresCase ? IsInInAnyCase(data) : data.IndexOf(_bytes) >= 0;

    /// <summary>How many bytes at the end of the data begin the value, but are not all of it: the most there are.</summary>
    internal int Begun(ReadOnlySpan<byte> data)
    {
        int begun = 0;
        foreach (byte b in data[Math.Max(0, data.Length - (_bytes.Length - 1))..])
            begun = Extend(begun, _ignoresCase ? AsciiCase.Fold(b) : b);
        return begun;
    }

    private int Extend(int begun, byte next)
    {
        while (begun > 0 && _bytes[begun] != next)
            begun = _borders[begun];
        return _bytes[begun] == next ? begun + 1 : 0;
    }

    private bool IsInInAnyCase(ReadOnlySpan<byte> data)
    {
        (byte lower, byte upper) = (_bytes[0], AsciiCase.Unfold(_bytes[0]));
        while (data.IndexOfAny(lower, upper) is var start and >= 0)
        {
            data = data[start..];
            if (AsciiCase.StartsWith(data, _bytes))
                return true;

            data = data[1..];
        }

        return false;
    }
}
