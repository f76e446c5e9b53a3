using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>A set of numbers as tests ask it: mostly it is one range, and then it is asked with one comparison.</summary>
internal readonly struct ValueTest
{
    private readonly ulong _first;
    private readonly ulong _span;
    private readonly NumberSet? _several;

    internal ValueTest(NumberSet values)
    {
        if (values.Ranges is [var only])
            (_first, _span) = (only.First, only.Last - only.First);
        else
            _several = values;
    }

    internal bool Contains(ulong value) => _several is null ? value - _first <= _span : _several.Contains(value);
}
