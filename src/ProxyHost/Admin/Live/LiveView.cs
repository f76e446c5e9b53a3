namespace Sluice.ProxyHost.Admin.Live;

/// <summary>
/// The answer of /live: gauges, and counters that never decrease while the process lives. Rates are differences of two answers over the
/// difference of their clocks; whoever sees another process or a counter that went back has no rate until the next answer.
/// </summary>
/// <param name="ClockSeconds">A clock that nobody sets; only differences of it mean something.</param>
/// <param name="Pid">With <paramref name="StartedAt"/> it tells one process from the next.</param>
/// <param name="StartedAt">When the daemon was started.</param>
/// <param name="UptimeSeconds">Since then.</param>
/// <param name="Version">Of the daemon.</param>
/// <param name="Obstacle">Why new connections are not welcome, in words; null when they are.</param>
/// <param name="Config">Which configuration goes.</param>
/// <param name="ResidentBytes">Memory of the process.</param>
/// <param name="OpenConnections">All that there are, whatever the query asks for.</param>
/// <param name="LatencyBoundsSeconds">The upper bound of each bucket of every <see cref="LiveLatency"/> but the last.</param>
/// <param name="Kernel">How the kernel's own path stands.</param>
/// <param name="Listeners">In the order of the configuration.</param>
/// <param name="Clusters">In the order of the configuration.</param>
/// <param name="Rules">In the order of the configuration.</param>
/// <param name="Connections">Those that the query asks for; it says in which order.</param>
/// <param name="AbnormalEnds">The last connections that did not complete, the newest first; the count has also those that are no longer kept.</param>
internal sealed record LiveView(
    double ClockSeconds,
    int Pid,
    DateTimeOffset StartedAt,
    double UptimeSeconds,
    string Version,
    string? Obstacle,
    LiveConfig Config,
    long ResidentBytes,
    int OpenConnections,
    double[] LatencyBoundsSeconds,
    LiveKernel Kernel,
    LiveList<LiveListener> Listeners,
    LiveList<LiveCluster> Clusters,
    LiveList<LiveRule> Rules,
    LiveList<ConnectionView> Connections,
    LiveList<LiveEnd> AbnormalEnds);

/// <summary>A list of bounded length.</summary>
/// <param name="Count">How many there are, those left out included.</param>
/// <param name="Items">Those that are shown.</param>
internal sealed record LiveList<T>(long Count, T[] Items)
{
    /// <summary>The first of them.</summary>
    public static LiveList<T> Of<TFrom>(IReadOnlyCollection<TFrom> all, int most, Func<TFrom, T> view) => new(all.Count, [.. all.Take(most).Select(view)]);
}

/// <summary>Which configuration goes.</summary>
/// <param name="Generation">1 since the start, and one more with each reload that was applied.</param>
/// <param name="AppliedAt">When it was.</param>
/// <param name="LastResult">What became of the last attempt at another.</param>
internal sealed record LiveConfig(long Generation, DateTimeOffset AppliedAt, string LastResult);
