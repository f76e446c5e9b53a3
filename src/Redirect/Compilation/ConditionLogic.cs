using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>
/// What conditions say about one another, by their structure. Sound and not complete: false may also mean that it cannot tell,
/// as it does once its steps are used up, which keeps it from taking for ever.
/// </summary>
internal sealed class ConditionLogic
{
    private int _steps = 20_000_000;

    /// <summary>Whether the second is true wherever the first one is.</summary>
    internal bool Implies(Predicate a, Predicate b)
    {
        if (--_steps < 0)
            return false;

        switch (a, b)
        {
            case (_, AllOf all):
                return all.Parts.All(part => Implies(a, part));
            case (AnyOf any, _):
                return any.Parts.All(part => Implies(part, b));
            case (Not x, Not y):
                return Implies(y.Part, x.Part);
            case (_, Not not) when Excludes(a, not.Part):
                return true;
            case (_, AnyOf any) when any.Parts.Any(part => Implies(a, part)):
                return true;
            case (AllOf all, _):
                return all.Parts.Any(part => Implies(part, b));
            default:
                return TestLogic.Implies(a, b);
        }
    }

    /// <summary>Whether a condition is never true.</summary>
    internal bool IsNever(Predicate condition) => IsNever(condition, isNegated: false, []);

    private bool Excludes(Predicate a, Predicate b)
    {
        if (--_steps < 0)
            return false;

        return (a, b) switch
        {
            (AllOf x, _) => x.Parts.Any(part => Excludes(part, b)),
            (_, AllOf y) => y.Parts.Any(part => Excludes(a, part)),
            (AnyOf x, _) => x.Parts.All(part => Excludes(part, b)),
            (_, AnyOf y) => y.Parts.All(part => Excludes(a, part)),
            (Not, Not) => false,
            (Not x, _) => Implies(b, x.Part),
            (_, Not y) => Implies(a, y.Part),
            _ => TestLogic.Excludes(a, b),
        };
    }

    // Whether it is never true together with what is given.
    private bool IsNever(Predicate condition, bool isNegated, List<Literal> given)
    {
        if (--_steps < 0)
            return false;

        switch (condition)
        {
            case Not not:
                return IsNever(not.Part, !isNegated, given);
            case AllOf all when !isNegated:
                return IsNeverAll(all.Parts, isNegated, given);
            case AnyOf any when isNegated:
                return IsNeverAll(any.Parts, isNegated, given);
            case AllOf all:
                return all.Parts.All(part => IsNever(part, isNegated, given));
            case AnyOf any:
                return any.Parts.All(part => IsNever(part, isNegated, given));
            default:
                return new Literal(condition, isNegated).IsNever([.. given]);
        }
    }

    private bool IsNeverAll(IEnumerable<Predicate> parts, bool isNegated, List<Literal> given)
    {
        List<Literal> all = [.. given];
        List<Predicate> groups = [];
        foreach (Predicate part in parts)
        {
            (Predicate inner, bool negated) = part is Not not ? (not.Part, !isNegated) : (part, isNegated);
            if (inner is AllOf or AnyOf or Not)
            {
                groups.Add(part);
                continue;
            }

            var literal = new Literal(inner, negated);
            _steps -= all.Count;
            if (_steps < 0 || literal.IsNever(all))
                return _steps >= 0;

            all.Add(literal);
        }

        return groups.Exists(group => IsNever(group, isNegated, all));
    }
}
