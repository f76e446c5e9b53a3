using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Reviews;

/// <summary>Holds what a program asks for against the longest message it allows itself.</summary>
internal sealed class LimitsReview : IProgramReview
{
    public IEnumerable<ProgramFinding> Review(RuleSet program)
    {
        for (int i = 0; i < program.Rules.Length; i++)
        {
            if (Cork(program, program.Rules[i].Action, i, "cork_bytes") is { } finding) yield return finding;
        }
        if (Cork(program, program.Otherwise, null, "otherwise.cork_bytes") is { } otherwise) yield return otherwise;
        (string path, long shortest) = program.Framing switch
        {
            FixedLength fixedLength => ("framing.fixed_length", fixedLength.Bytes),
            LengthPrefix prefix => ("framing.length_prefix", prefix.Offset + Width(prefix.Format)),
            Delimiter delimiter => ("framing.delimiter", delimiter.Bytes.Length),
            _ => ("", 0L),
        };
        if (shortest > program.MaxMessage)
            yield return new ProgramFinding(true, null, path,
                $"every message has at least {shortest} bytes, and `max_message` allows {program.MaxMessage}", "make `max_message` larger");
    }

    private static ProgramFinding? Cork(RuleSet program, RuleAction action, int? rule, string path) => action.CorkBytes > program.MaxMessage
        ? new ProgramFinding(true, rule, path, $"{action.CorkBytes} bytes are waited for, and `max_message` lets {program.MaxMessage} be gathered",
            "wait for fewer, or make `max_message` larger")
        : null;

    private static int Width(LengthFormat format) => format == LengthFormat.Varint ? 1 : (int)format;
}
