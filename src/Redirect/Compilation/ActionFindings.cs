using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>What is wrong with an action.</summary>
internal static class ActionFindings
{
    internal static IEnumerable<RuleFinding> Of(RuleSet rules, int index, RuleAction action)
    {
        if (action.CorkBytes > 0 && rules.Framing is not null)
            yield return Warning(index, "cork_bytes", "it has no effect: with framing every message is whole", "remove it");
        else if (action.CorkBytes > rules.MaxMessage)
            yield return Error(index, "cork_bytes", $"no more than {rules.MaxMessage} bytes are gathered", "raise `max_message`, or gather fewer");

        if (action.ApplyBytes > 0 && action.ApplyBytes < action.CorkBytes && rules.Framing is null)
        {
            yield return Error(
                index, "apply_bytes", $"it lets go of {action.ApplyBytes} of the {action.CorkBytes} bytes that `cork_bytes` waited for, and the rest waits again",
                $"apply it to {action.CorkBytes} bytes or more, or gather fewer");
        }

        bool letsPass = action.Verdict is RuleVerdict.Pass or RuleVerdict.Redirect;
        if (action.Push is not null && !letsPass)
            yield return Warning(index, "push", "it has no effect on bytes that go nowhere", "remove it");
        if (action.Pop is not null && !letsPass)
            yield return Warning(index, "pop", "it has no effect on bytes that go nowhere", "remove it");
        if (action.Push is { } push && push.Bytes.Length > Math.Min(RuleLimits.ValueBytes, rules.MaxMessage))
            yield return Error(index, "push", $"no more than {Math.Min(RuleLimits.ValueBytes, rules.MaxMessage)} bytes can be inserted", "insert fewer");
        if (action.ApplyBytes > 0 && action.Push?.Offset > action.ApplyBytes)
            yield return Warning(index, "push", $"it inserts at the end of the {action.ApplyBytes} bytes that it is applied to, not at {action.Push.Offset}", "raise `apply_bytes`");
        if (action.ApplyBytes > 0 && action.Pop is { } pop && (long)pop.Offset + pop.Count > action.ApplyBytes)
            yield return Warning(index, "pop", $"it removes nothing behind the {action.ApplyBytes} bytes that it is applied to", "raise `apply_bytes`");
    }

    private static RuleFinding Error(int index, string path, string message, string suggestion) =>
        new(FindingSeverity.Error, index, path, null, message, suggestion);

    private static RuleFinding Warning(int index, string path, string message, string suggestion) =>
        new(FindingSeverity.Warning, index, path, null, message, suggestion);
}
