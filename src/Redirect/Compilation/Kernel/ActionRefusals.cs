using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Which actions the kernel cannot carry out, and which only where it has a whole message.</summary>
internal static class ActionRefusals
{
    /// <summary>Why an action stays in the managed engine; null when the kernel carries it out.</summary>
    internal static string? Find(RuleAction action, BpfProgramKind kind) => action.Verdict switch
    {
        RuleVerdict.Reset => "no program of the kernel resets a connection",
        RuleVerdict.Redirect => "the connection to another cluster is made and kept by the managed engine",
        RuleVerdict.Drop => null,
        _ when kind == BpfProgramKind.SkMsg => null,
        _ when action.Push is { Bytes.IsEmpty: false } => "push: a program for what arrives (sk_skb) inserts nothing",
        _ => action.Pop is { Count: > 0 } ? "pop: a program for what arrives (sk_skb) removes nothing" : null,
    };

    /// <summary>For which messages an action that the kernel has is left to the managed engine all the same.</summary>
    internal static IEnumerable<string> Limits(RuleAction action, BpfProgramKind kind, bool isFramed)
    {
        if ((kind == BpfProgramKind.SkSkb || isFramed) && action.ApplyBytes is > 0 and < RuleAction.RestOfStream)
            yield return $"apply_bytes: where its window of {action.ApplyBytes} B ends inside a {(isFramed ? "message, as a message with framing is judged as one" : "segment, as there is no verdict for a part of one (sk_skb)")}";
        else if (kind == BpfProgramKind.SkMsg && action is { Verdict: RuleVerdict.Drop, ApplyBytes: > 0 and < RuleAction.RestOfStream })
            yield return $"apply_bytes: where its window of {action.ApplyBytes} B ends inside a message, as one that is dropped is taken out whole";
        if (action.CorkBytes > 1 && !isFramed)
            yield return $"cork_bytes: where fewer than {action.CorkBytes} B are at hand, as the kernel loses what it corks when the stream ends";
        if (kind == BpfProgramKind.SkMsg && action is { Push: null or { Bytes.IsEmpty: true }, Pop: { Count: > 0, Offset: 0 } pop })
            yield return $"pop: where no more than {pop.Count} B are there, as nothing would be left to redirect";
    }
}
