using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing;

/// <summary>What judges one direction of spliced connections.</summary>
/// <param name="Verdict">Judges each message.</param>
/// <param name="Parser">Divides the stream into messages; null: a message is what has arrived.</param>
/// <param name="MaxMessage">Bytes of the longest message, and of the most that may be corked; at least 1.</param>
public sealed record StreamProgram(IVerdictProgram Verdict, IStreamParser? Parser, int MaxMessage);
