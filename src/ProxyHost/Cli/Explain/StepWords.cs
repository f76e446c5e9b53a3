using System.Collections.Immutable;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>The steps of one replay in words.</summary>
/// <param name="program">What judges.</param>
/// <param name="from">Whose bytes they are.</param>
/// <param name="onward">What is called the other side.</param>
internal sealed class StepWords(ProgramState program, Direction from, string onward)
{
    private readonly List<string> _dialled = [];
    private MessageFound? _message;

    /// <summary>The connection has ended before the stream.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Who hears of the end of the stream: of the client's, all that were dialled for it.</summary>
    public string ReachedByFin => from == Direction.FromUpstream || _dialled.Count == 0 ? onward
        : $"{onward}, and to what was dialled: {string.Join(", ", _dialled)}";

    public void Print(Page page, ImmutableArray<ReplayStep> steps)
    {
        foreach (ReplayStep step in steps) Print(page, step);
    }

    private void Print(Page page, ReplayStep step)
    {
        switch (step)
        {
            case MessageFound message:
                _message = message;
                string cut = message.IsWhole ? "" : ", cut short by the end of the stream";
                page.Line($"message at {message.Offset}, {Amounts.Bytes(message.Length)}{cut}: {RuleText.Of(message.Bytes)}");
                break;
            case RuleDecided decided:
                if (_message?.Offset != decided.Offset)
                    page.Line($"at {decided.Offset}, {Amounts.Bytes(decided.Length)} at hand: {RuleText.Of(decided.Bytes)}");
                foreach (int shadow in decided.Shadows)
                    page.In.Line($"shadow {program.NameOf(shadow)} matches: it is counted, and changes nothing");
                page.In.Line($"{(IsRule(decided.Rule) ? "" : "no rule matches, ")}{Who(decided.Rule)} decides: {RuleText.Of(program.ActionOf(decided.Rule))}");
                break;
            case BytesJudged judged:
                Print(page, judged);
                break;
            case BytesAwaited { Rule: { } rule } awaited:
                page.Line($"at {awaited.Offset}, {Amounts.Bytes(awaited.Length)} at hand: {Who(rule)} waits until there are {awaited.NeededBytes}");
                break;
            case BytesAwaited awaited:
                page.Line($"message at {awaited.Offset}, {Amounts.Bytes(awaited.Length)} at hand: waits for {Missing(awaited.NeededBytes)}");
                break;
            case ReplayEnded ended:
                HasEnded = true;
                Print(page, ended);
                break;
        }
    }

    private void Print(Page page, BytesJudged judged)
    {
        if (judged.IsStanding && _message?.Offset != judged.Offset)
            page.Line($"at {judged.Offset}, {Amounts.Bytes(judged.Length)}: {RuleText.Of(judged.Bytes)}");
        if (judged.IsStanding) page.In.Line($"the decision of {Who(judged.Rule)} stands, no rule runs");
        string what = judged.Decision is { Inserted: 0, Removed: 0 } || judged.IsStanding
            ? Amounts.Go(judged.Bytes.Length)
            : $"{Amounts.Bytes(judged.Length)} become {Amounts.Bytes(judged.Bytes.Length)}, {RuleText.Of(judged.Bytes)}, which go";
        page.In.Line(judged.Decision.Kind switch
        {
            DecisionKind.Pass => $"{what} to {onward}",
            DecisionKind.Drop => judged.Length == 1 ? "1 byte vanishes" : $"{judged.Length} bytes vanish",
            DecisionKind.Redirect => $"{what} {Redirected(judged)}",
            _ => $"the connection ends with RST on all sides ({EndReason.RuleReset.Name()}); {Amounts.Go(judged.Length)} nowhere",
        });
        bool isRest = judged.Window == RuleAction.RestOfStream;
        if (judged.Window > 0 && judged.Decision.Kind != DecisionKind.Reset && !(judged.IsStanding && isRest))
            page.In.Line($"the decision stands for {(isRest ? "the rest of the stream" : $"the next {Amounts.Bytes(judged.Window)}")}");
    }

    private string Redirected(BytesJudged judged)
    {
        string cluster = $"cluster {program.ActionOf(judged.Rule).Cluster}";
        string dialled = _dialled.Contains(cluster) ? "" : ", which is dialled for them";
        if (dialled.Length > 0) _dialled.Add(cluster);
        return (judged.Decision.Flags & RedirectFlags.Ingress) != 0
            ? $"back to the client, as if received from {cluster}{dialled}"
            : $"to {cluster}{dialled}";
    }

    private void Print(Page page, ReplayEnded ended)
    {
        if (ended.Errno != Errno.None)
        {
            string why = ended.Errno == Errno.EMSGSIZE ? $"it is longer than {Amounts.Size(program.Rules.MaxMessage)}" : "its length cannot be";
            EndReason reason = from == Direction.FromClient ? EndReason.ClientError : EndReason.UpstreamError;
            page.Line($"message at {ended.Offset}: {why}; the connection ends with RST on all sides ({reason.Name()}, {ended.Errno})");
        }
        if (ended.Length > 0) page.Line($"{Amounts.Bytes(ended.Length)} at {ended.Offset}: not judged any more");
    }

    private string Missing(int needed) => needed > 0 ? $"all {Amounts.Bytes(needed)}"
        : program.Rules.Framing is Delimiter delimiter ? $"its end, {RuleText.Of(delimiter.Bytes)}"
        : "the bytes that tell its length";

    private string Who(int rule) => $"{(IsRule(rule) ? "rule " : "")}{program.NameOf(rule)}";

    private bool IsRule(int rule) => rule < program.Rules.Rules.Length;
}
