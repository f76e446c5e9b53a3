using System.Collections.Immutable;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>One thing that happens to a stream while a program judges it. Immutable.</summary>
/// <param name="Offset">Where in the stream the bytes begin that it happens to, counted as they came.</param>
/// <param name="Length">How many bytes of the stream they are, counted as they came.</param>
public abstract record ReplayStep(long Offset, int Length);

/// <summary>Framing has found a message.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Bytes">The message.</param>
/// <param name="IsWhole">False: the stream has ended before the message did, and what there is of it is judged.</param>
public sealed record MessageFound(long Offset, int Length, ImmutableArray<byte> Bytes, bool IsWhole) : ReplayStep(Offset, Length);

/// <summary>The rules have run and decided.</summary>
/// <param name="Offset">Where the bytes begin that were judged.</param>
/// <param name="Length">How many were at hand.</param>
/// <param name="Bytes">Those bytes.</param>
/// <param name="Shadows">The shadow rules that matched, by their index.</param>
/// <param name="Rule">The index of the rule that decided; the number of rules where none matched.</param>
public sealed record RuleDecided(long Offset, int Length, ImmutableArray<byte> Bytes, ImmutableArray<int> Shadows, int Rule)
    : ReplayStep(Offset, Length);

/// <summary>Bytes were let go.</summary>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many came; more or fewer may go on, after push and pop.</param>
/// <param name="Bytes">What goes on, or is dropped.</param>
/// <param name="Rule">The index of the rule whose decision stands for them.</param>
/// <param name="Decision">That decision.</param>
/// <param name="IsStanding">The rules did not run for them: they are in the window of an earlier decision.</param>
/// <param name="Window">For how many bytes more the decision stands; <see cref="int.MaxValue"/>: for all that is to come.</param>
public sealed record BytesJudged(
    long Offset, int Length, ImmutableArray<byte> Bytes, int Rule, Decision Decision, bool IsStanding, int Window)
    : ReplayStep(Offset, Length);

/// <summary>All that is at hand waits for more.</summary>
/// <param name="Offset">Where the waiting bytes begin.</param>
/// <param name="Length">How many they are.</param>
/// <param name="Rule">The index of the rule that waits; null: framing waits for the end of the message.</param>
/// <param name="NeededBytes">With how many it goes on, those at hand among them; 0: that is not known yet.</param>
public sealed record BytesAwaited(long Offset, int Length, int? Rule, int NeededBytes) : ReplayStep(Offset, Length);

/// <summary>The connection has ended before the stream did.</summary>
/// <param name="Offset">Where the bytes begin that were not judged any more.</param>
/// <param name="Length">How many of them had come.</param>
/// <param name="Errno">What framing has found wrong; <see cref="Errno.None"/>: a rule reset the connection.</param>
public sealed record ReplayEnded(long Offset, int Length, Errno Errno) : ReplayStep(Offset, Length);
