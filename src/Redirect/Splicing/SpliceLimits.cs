namespace Sluice.Redirect.Splicing;

/// <summary>
/// The time limits of one spliced connection. All are finite and positive; resolution is one millisecond, and a limit
/// acts at the earliest when it has passed and normally within a few milliseconds of that.
/// </summary>
/// <param name="Idle">Ends the connection when no byte was delivered in either direction for this long.</param>
/// <param name="HalfClosedIdle">Takes the place of <paramref name="Idle"/> once one side has sent FIN.</param>
/// <param name="MaxDuration">Ends the connection this long after the splice began, whatever it carries.</param>
public sealed record SpliceLimits(TimeSpan Idle, TimeSpan HalfClosedIdle, TimeSpan MaxDuration);
