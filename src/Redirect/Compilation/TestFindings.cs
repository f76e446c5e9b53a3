using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>What is wrong with single tests of a rule.</summary>
internal static class TestFindings
{
    internal static IEnumerable<RuleFinding> Of(RuleSet rules, int index)
    {
        Rule rule = rules.Rules[index];
        foreach ((Predicate test, string path) in ConditionPaths.TestsOf(rule))
        {
            foreach ((FindingSeverity severity, string message, string suggestion) in Of(rules, rule, test))
                yield return new RuleFinding(severity, index, path, test, message, suggestion);
        }
    }

    private static IEnumerable<(FindingSeverity, string, string)> Of(RuleSet rules, Rule rule, Predicate test)
    {
        if (test is BytesAsNumberTest number && ValueMistake(number) is { } mistake)
            yield return mistake;
        if (test is BytesTest bytes && bytes.Values.Any(value => value.Length > RuleLimits.ValueBytes))
            yield return Error($"a value has more than {RuleLimits.ValueBytes} bytes", "look for a part of it");
        if (test is NumberTest { Field: Field.MessageLength } && rules.Framing is null)
            yield return Warning("without framing a message is what TCP happened to deliver at once, and so is its length", "add `framing`");

        long needed = NeededBytes(test);
        int whole = rules.Framing is FixedLength framed ? Math.Min(framed.Bytes, rules.MaxMessage) : rules.MaxMessage;
        if (needed > whole)
        {
            yield return Error(
                $"it looks at byte {needed} of a message, and none has more than {whole}",
                rules.Framing is FixedLength ? "look at an earlier one" : "look at an earlier one, or raise `max_message`");
        }
        else if (rule.Action.CorkBytes > 0 && rules.Framing is null && needed > rule.Action.CorkBytes)
        {
            yield return Error(
                $"it looks at byte {needed}, and `cork_bytes` gathers {rule.Action.CorkBytes}",
                rules.CorksAsNeeded ? "remove `cork_bytes`: what a test needs is gathered anyway" : $"gather {needed} bytes");
        }
    }

    private static (FindingSeverity, string, string)? ValueMistake(BytesAsNumberTest test)
    {
        ulong all = ulong.MaxValue >> (64 - (8 * test.Width));
        if (test.Values.Ranges.Any(range => range.Last > all))
            return Error($"u{8 * test.Width} is never more than {all}", $"give values up to {all}, or use a wider field");

        bool anySurvives = test.Values.Ranges.Any(range => SmallestFrom(range.First, test.Mask) is { } possible && possible <= range.Last);
        return anySurvives || test.Values.Ranges.IsEmpty
            ? null
            : Error($"with mask 0x{test.Mask:x} it can be none of {test.Values}", "bits outside the mask count as 0: give values without them");
    }

    // The smallest number from a number on that has no bits outside the mask; null: there is none.
    private static ulong? SmallestFrom(ulong number, ulong mask)
    {
        ulong outside = number & ~mask;
        if (outside == 0)
            return number;

        // Up to the highest bit that is outside all must be counted up, with ones where carries are to go through.
        ulong ones = ulong.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(outside);
        ulong next = (number | ones | ~mask) + 1;
        return next == 0 ? null : next & mask;
    }

    // The fewest bytes with which it can be true.
    private static long NeededBytes(Predicate test) => test switch
    {
        BytesAsNumberTest number => (long)number.Offset + number.Width,
        BytesTest bytes => (long)bytes.Offset + bytes.Values.Min(value => value.Length),
        _ => 0,
    };

    private static (FindingSeverity, string, string) Error(string message, string suggestion) => (FindingSeverity.Error, message, suggestion);

    private static (FindingSeverity, string, string) Warning(string message, string suggestion) => (FindingSeverity.Warning, message, suggestion);
}
