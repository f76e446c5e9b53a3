using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>What is wrong with how a stream is divided.</summary>
internal static class FramingFindings
{
    internal static IEnumerable<RuleFinding> Of(RuleSet rules)
    {
        (long shortest, Int128 longest) = rules.Framing is { } framing ? LengthsOf(framing) : (1, Int128.MaxValue);
        if (shortest > rules.MaxMessage)
        {
            yield return Error(
                $"a message has at least {shortest} bytes, and no more than {rules.MaxMessage} are allowed", "raise `max_message`");
        }
        else if (longest < shortest)
        {
            yield return Error(
                $"every message would be shorter than the {shortest} bytes that its own length takes", "look at the adjustment, and whether the header is included");
        }

        if (rules.Framing is Delimiter { Bytes.Length: > RuleLimits.ValueBytes } delimiter)
            yield return Error($"the delimiter has {delimiter.Bytes.Length} bytes; {RuleLimits.ValueBytes} are allowed", "use a shorter one");
    }

    private static (long Shortest, Int128 Longest) LengthsOf(Framing framing)
    {
        switch (framing)
        {
            case FixedLength one:
                return (one.Bytes, one.Bytes);
            case LengthPrefix one:
                // A varint is as short as one byte, and then counts no further than 127; what it counts at most takes four.
                bool isVarint = one.Format == LengthFormat.Varint;
                int width = isVarint ? 1 : (int)one.Format;
                Int128 most = isVarint ? (1 << 28) - 1 : (Int128.One << (8 * width)) - 1;
                Int128 added = (Int128)one.Adjustment + (one.IncludesHeader ? 0 : (Int128)one.Offset + (isVarint ? 4 : width));
                Int128 least = Int128.Max((Int128)one.Offset + width, one.Adjustment + (one.IncludesHeader ? 0 : (Int128)one.Offset + width));
                return ((long)least, most + added);
            default:
                return (((Delimiter)framing).Bytes.Length, Int128.MaxValue);
        }
    }

    private static RuleFinding Error(string message, string suggestion) =>
        new(FindingSeverity.Error, -1, "framing", null, message, suggestion);
}
