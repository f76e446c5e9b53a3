using System.Collections.Immutable;

namespace Sluice.Redirect.Rules;

/// <summary>A verdict program as it is written down: the first rule that matches a message decides.</summary>
/// <param name="Name">What metrics and explanations call it.</param>
/// <param name="Rules">In order.</param>
/// <param name="Otherwise">What is done when none matches.</param>
public sealed record RuleSet(string Name, ImmutableArray<Rule> Rules, RuleAction Otherwise)
{
    /// <summary>The default of <see cref="MaxMessage"/>: 64 KiB.</summary>
    public const int DefaultMaxMessage = 64 * 1024;

    /// <summary>The most that <see cref="MaxMessage"/> may be: 16 MiB.</summary>
    public const int LargestMaxMessage = 16 * 1024 * 1024;

    /// <summary>How the stream divides into messages; null: a message is what is at hand.</summary>
    public Framing? Framing { get; init; }

    /// <summary>
    /// Bytes of the longest message that framing may announce, and of the most that may be gathered; a longer one ends the
    /// connection, and gathering stops there.
    /// </summary>
    public int MaxMessage { get; init; } = DefaultMaxMessage;

    /// <summary>
    /// Where rules read further than the bytes at hand, they wait for those bytes, so that a match never depends on how TCP
    /// cut the stream. False: a field that is not there does not match.
    /// </summary>
    public bool CorksAsNeeded { get; init; } = true;
}
