namespace Sluice.Redirect.Verdicts;

/// <summary>Where a judged stream is between two messages: all that one engine has to tell another that goes on from here.</summary>
/// <param name="Offset">How many bytes the stream has carried, as they came.</param>
/// <param name="Standing">What happens to the bytes for which the last decision still stands; pass or drop.</param>
/// <param name="Window">How many these are: 0 for none, <see cref="int.MaxValue"/> for all that are to come.</param>
public readonly record struct StreamPlace(long Offset, DecisionKind Standing, int Window);
