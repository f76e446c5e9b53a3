namespace Sluice.Redirect.Verdicts;

/// <summary>How far one direction's program is, between two messages: what the kernel's must know of the managed one, and back.</summary>
/// <param name="Window">Bytes for which the last verdict still stands; 0 for none, int.MaxValue for all that is to come.</param>
/// <param name="IsDrop">It stands for drop; otherwise for pass.</param>
/// <param name="StreamOffset">Bytes that the stream has carried.</param>
internal readonly record struct StandingVerdict(int Window, bool IsDrop, long StreamOffset);
