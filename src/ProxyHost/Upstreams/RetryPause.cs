using System.Diagnostics.CodeAnalysis;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>
/// How long a connection waits before it comes back to an endpoint that has failed it: long enough for a restart to get
/// on, never the same, so that the clients an endpoint turned away do not all return at one moment.
/// </summary>
internal static class RetryPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After the round of this number, from 1: between half and all of 250 ms, doubled for each round before, at most one
    /// second. What the round itself took is part of it, so that no time-out is waited out twice.
    /// </summary>
    [SuppressMessage("Security", "CA5394", Justification = "Spreading load is no secret.")]
    public static TimeSpan After(int round, TimeSpan roundTook)
    {
        TimeSpan full = round > 2 ? Longest : First * round;
        TimeSpan left = (full * (0.5 + (Random.Shared.NextDouble() / 2))) - roundTook;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
