namespace Sluice.Redirect.Compilation;

/// <summary>
/// Kleene's three values in one number, in an order that makes "and" the smallest of its parts: 0 is false, the largest is
/// true, and what lies between is unknown and says how many bytes must be at hand before that can change.
/// </summary>
internal readonly record struct Truth
{
    private const int TrueValue = int.MaxValue;

    private readonly int _value;

    private Truth(int value) => _value = value;

    internal static Truth False => default;

    internal static Truth True => new(TrueValue);

    internal bool IsTrue => _value == TrueValue;

    internal bool IsFalse => _value == 0;

    /// <summary>How many bytes must be at hand; 0 when it is true or false.</summary>
    internal int NeededBytes => IsTrue ? 0 : _value;

    internal static Truth Of(bool value) => value ? True : False;

    /// <summary>Not decided with fewer than <paramref name="needed"/> bytes, at least 1.</summary>
    internal static Truth Unknown(long needed) => new((int)Math.Min(needed, TrueValue - 1));

    internal Truth Not() => IsFalse ? True : IsTrue ? False : this;

    internal Truth And(Truth other) => new(Math.Min(_value, other._value));

    internal Truth Or(Truth other) =>
        IsTrue || other.IsFalse ? this : other.IsTrue || IsFalse ? other : new Truth(Math.Min(_value, other._value));
}
