using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation;

/// <summary>
/// What a program makes of a whole stream: which rules decide, and which bytes go where. It knows the stream's end from the
/// start, so nothing in it waits.
/// </summary>
internal sealed class NaiveChain(RuleSet rules, MessageContext context)
{
    private readonly Naive _naive = new(rules, context);
    private int _windowLeft;
    private string _standing = "";
    private long _offset;

    public List<int> Decisions { get; } = [];

    public List<(byte Byte, string Where)> Out { get; } = [];

    public Errno Error { get; private set; }

    public NaiveChain Run(byte[] stream)
    {
        if (rules.Framing is null)
        {
            Judge(stream);
            return this;
        }

        (List<byte[]> messages, Error) = NaiveFraming.Divide(rules.Framing, stream, rules.MaxMessage);
        messages.ForEach(Judge);
        return this;
    }

    private void Judge(byte[] message)
    {
        while (message.Length > 0)
        {
            int count = Math.Min(_windowLeft, message.Length);
            Emit(message[..count]);
            if (count == 0)
                count = Decide(message);

            _offset += count;
            if (_windowLeft != RuleAction.RestOfStream)
                _windowLeft -= Math.Min(count, _windowLeft);
            message = message[count..];
        }
    }

    private int Decide(byte[] message)
    {
        int rule = _naive.Decide(message, _offset, isFinal: true)!.Value;
        if (context.Observer is not null)
            Decisions.AddRange(_naive.Shadows(message, _offset, isFinal: true, rule));
        Decisions.Add(rule);
        RuleAction action = rule == rules.Rules.Length ? rules.Otherwise : rules.Rules[rule].Action;
        _windowLeft = action.ApplyBytes;
        _standing = action.Verdict switch
        {
            RuleVerdict.Redirect => action.Cluster == "there" ? action.Ingress ? "there, ingress" : "there" : "failed",
            var verdict => verdict.ToString(),
        };
        int count = action.ApplyBytes == 0 ? message.Length : Math.Min(action.ApplyBytes, message.Length);
        Emit(_standing is "failed" or "Drop" or "Reset" ? message[..count] : Edit(action, message[..count]));
        return count;
    }

    private static byte[] Edit(RuleAction action, byte[] bytes)
    {
        List<byte> edited = [.. bytes];
        if (action.Pop is { } pop && pop.Offset < edited.Count)
            edited.RemoveRange(pop.Offset, Math.Min(pop.Count, edited.Count - pop.Offset));
        if (action.Push is { } push)
            edited.InsertRange(Math.Min(push.Offset, edited.Count), push.Bytes);
        return [.. edited];
    }

    private void Emit(byte[] bytes)
    {
        if (_standing != "Drop")
            Out.AddRange(bytes.Select(b => (b, _standing)));
    }
}
