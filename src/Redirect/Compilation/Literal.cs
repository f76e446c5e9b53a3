using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>A test, or that it is false.</summary>
internal readonly record struct Literal(Predicate Test, bool IsNegated)
{
    /// <summary>Whether it cannot be true while all <paramref name="others"/> are.</summary>
    internal bool IsNever(List<Literal> others)
    {
        foreach (Literal other in others)
        {
            if (Contradicts(other))
                return true;
        }

        return IsOutOfValues(others);
    }

    private bool Contradicts(Literal other) => (IsNegated, other.IsNegated) switch
    {
        (false, false) => TestLogic.Excludes(Test, other.Test),
        (false, true) => TestLogic.Implies(Test, other.Test),
        (true, false) => TestLogic.Implies(other.Test, Test),
        _ => false,
    };

    // Of numbers, what all tests of one field leave over. That nothing is negated only says that the field may be absent.
    private bool IsOutOfValues(List<Literal> others)
    {
        if (Allowed is not { } left)
            return false;

        bool mustBeThere = !IsNegated;
        foreach (Literal other in others)
        {
            if (!IsSameNumber(other.Test) || other.Allowed is not { } allowed)
                continue;

            mustBeThere |= !other.IsNegated;
            left = left.Intersect(allowed);
        }

        return mustBeThere && left.Ranges.IsEmpty;
    }

    private NumberSet? Allowed => (Test switch
    {
        NumberTest test => test.Values,
        BytesAsNumberTest test => test.Values,
        _ => null,
    }) is { } values ? IsNegated ? values.Complement() : values : null;

    private bool IsSameNumber(Predicate other) => (Test, other) switch
    {
        (NumberTest a, NumberTest b) => a.Field == b.Field,
        (BytesAsNumberTest a, BytesAsNumberTest b) => TestLogic.IsSamePlace(a, b),
        _ => false,
    };
}
