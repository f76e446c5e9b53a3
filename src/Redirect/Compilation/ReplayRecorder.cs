using System.Collections.Immutable;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>Stands between a verdict machine and the program it runs, and keeps what the last run came to.</summary>
internal sealed class ReplayRecorder(ManagedBackend program) : IVerdictProgram, IVerdictObserver
{
    private readonly List<int> _heard = [];
    private ReplayRun? _run;

    public Verdict Run(Message message)
    {
        _heard.Clear();
        (long offset, ImmutableArray<byte> bytes) = (message.StreamOffset, [.. message.Data]);
        Verdict verdict = program.Run(message);
        // A program that waits changes nothing, so the plan says once more of the same bytes which rule it is that waits.
        Ruling ruling = _heard is [.., var rule]
            ? new Ruling(rule, 0)
            : program.Plan.Decide(new MessageView(message.Data, message.Context, offset, message.IsFinal));
        _run = new ReplayRun(offset, bytes, ruling, [.. _heard.SkipLast(1)], message.Decide(verdict));
        return verdict;
    }

    public void OnRule(IVerdictProgram program, int rule) => _heard.Add(rule);

    /// <summary>The run since it was asked last; null when there was none.</summary>
    internal ReplayRun? Take()
    {
        ReplayRun? run = _run;
        _run = null;
        return run;
    }
}

/// <summary>One run of a program.</summary>
/// <param name="Offset">Where in the stream it began.</param>
/// <param name="Bytes">What was at hand.</param>
/// <param name="Ruling">What the plan said.</param>
/// <param name="Shadows">The shadow rules that matched.</param>
/// <param name="Decision">What the machine makes of it.</param>
internal sealed record ReplayRun(
    long Offset, ImmutableArray<byte> Bytes, Ruling Ruling, ImmutableArray<int> Shadows, Decision Decision);
