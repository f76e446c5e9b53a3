using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// Why a program cannot judge what an application sends where it sends it, for all that sk_msg can do: a send is no message of the stream.
/// The proxy receives several at once, or a part of one, and what rules decide must not depend on that (docs/decisions/0029).
/// With framing it does not. Without, each byte's fate has to be the same wherever the stream is cut, but for its first message, which
/// the managed engine judges.
/// </summary>
internal static class SendRefusals
{
    /// <summary>All of them, in the order of the rules; each is about the whole program.</summary>
    internal static IEnumerable<OffloadRefusal> Find(RuleSet rules)
    {
        bool isFramed = rules.Framing is not null;
        foreach (Rule rule in rules.Rules)
        {
            StreamFate fate = Fate(rule.When, isFramed, out Field field, out string reason);
            if (fate == StreamFate.Depends)
                yield return new OffloadRefusal(OffloadScope.Program, rule.Name, field, reason);
            if (fate != StreamFate.Never && OfAction(rule.Action, isFramed) is { } refused)
                yield return new OffloadRefusal(OffloadScope.Program, rule.Name, null, refused);
            if (rule.Action.Verdict == RuleVerdict.Redirect && fate == StreamFate.Never)
                yield return new OffloadRefusal(OffloadScope.Program, rule.Name, null, Redirects);
        }

        if (OfAction(rules.Otherwise, isFramed) is { } reasonOfRest)
            yield return new OffloadRefusal(OffloadScope.Program, "otherwise", null, reasonOfRest);
    }

    private const string Redirects = "redirect: other sockets send to the same receiver then, and the order of all is the proxy's to keep";

    private static string? OfAction(RuleAction action, bool isFramed) => action switch
    {
        { Verdict: RuleVerdict.Redirect } => Redirects,
        _ when isFramed => null,
        { Push.Bytes.IsEmpty: false } => "push: without framing, where a message begins depends on how the stream was cut",
        { Pop.Count: > 0 } => "pop: without framing, where a message begins depends on how the stream was cut",
        _ => null,
    };

    // What a condition is for all bytes behind the stream's first message.
    private static StreamFate Fate(Predicate condition, bool isFramed, out Field field, out string reason)
    {
        (field, reason) = (default, "");
        switch (condition)
        {
            case AllOf all:
                return OfParts(all.Parts, StreamFate.Never, StreamFate.Always, isFramed, out field, out reason);
            case AnyOf any:
                return OfParts(any.Parts, StreamFate.Always, StreamFate.Never, isFramed, out field, out reason);
            case Not not:
                return Fate(not.Part, isFramed, out field, out reason) switch
                {
                    StreamFate.Never => StreamFate.Always,
                    StreamFate.Always => StreamFate.Never,
                    var fate => fate,
                };
            default:
                return OfTest(condition, isFramed, out field, out reason);
        }
    }

    private static StreamFate OfParts(
        IEnumerable<Predicate> parts, StreamFate absorbing, StreamFate neutral, bool isFramed, out Field field, out string reason)
    {
        (StreamFate all, field, reason) = (neutral, default, "");
        foreach (Predicate part in parts)
        {
            StreamFate fate = Fate(part, isFramed, out Field ofPart, out string ofPartWhy);
            if (fate == absorbing)
                return absorbing;
            if (fate == StreamFate.Depends && all != StreamFate.Depends)
                (all, field, reason) = (fate, ofPart, ofPartWhy);
            else if (fate == StreamFate.Same && all == neutral)
                all = fate;
        }

        return all;
    }

    private static StreamFate OfTest(Predicate test, bool isFramed, out Field field, out string reason)
    {
        (field, reason) = (FieldOf(test), "without framing, what it sees depends on how the stream was cut");
        switch (field)
        {
            case Field.RemoteAddress or Field.LocalAddress or Field.RemotePort or Field.LocalPort or Field.Family:
                reason = "at the application's own socket the addresses are not those of the proxy's";
                return StreamFate.Depends;
            case Field.Direction:
                return StreamFate.Same;
            case Field.StreamOffset when !isFramed && ((NumberTest)test).Values is var offsets:
                return offsets.Ranges is [{ First: 0, Last: 0 }] ? StreamFate.Never
                    : offsets.Ranges is [.., { First: <= 1, Last: >= long.MaxValue }] ? StreamFate.Always : StreamFate.Depends;
            default:
                return isFramed ? StreamFate.Same : StreamFate.Depends;
        }
    }

    private static Field FieldOf(Predicate test) => test switch
    {
        NumberTest number => number.Field,
        AddressTest address => address.Field,
        NameTest name => name.Field,
        BytesAsNumberTest => Field.Number,
        _ => Field.Bytes,
    };
}
