namespace Sluice.Redirect.Rules;

/// <summary>What keeps a rule's cost finite.</summary>
public static class RuleLimits
{
    /// <summary>How many sets of conditions may be nested as they are written: <c>when</c> itself, and those of any, all and not.</summary>
    public const int Nesting = 16;

    /// <summary>
    /// How deep <see cref="Predicate"/>s may be nested, a single test being at depth 1. A set of conditions brings up to three:
    /// the group that holds it, itself, and the alternatives of one test in it.
    /// </summary>
    public const int Depth = 3 * Nesting;

    /// <summary>The most bytes of one value of a <see cref="BytesTest"/>, of a <see cref="Delimiter"/>, and of what is inserted.</summary>
    public const int ValueBytes = 4096;
}
