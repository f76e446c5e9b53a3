namespace Sluice.ProxyHost.Reloading;

/// <summary>Which configuration goes, since when, and what became of the last attempt at another. Safe from any thread.</summary>
internal sealed class ReloadHistory
{
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly long[] _counts = new long[ReloadResults.All.Length];
    private volatile ReloadAttempt _last;
    private volatile ReloadAttempt _applied;

    public ReloadHistory(TimeProvider clock)
    {
        (_clock, _started) = (clock, clock.GetTimestamp());
        _last = _applied = new ReloadAttempt(StartedAt = clock.GetUtcNow(), "start", ReloadResults.Applied, 1, [], []);
    }

    /// <summary>When the daemon was composed.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>How long that is ago, whatever the time of day was set to meanwhile.</summary>
    public TimeSpan Age => _clock.GetElapsedTime(_started);

    /// <summary>The last attempt; the start itself until there was another.</summary>
    public ReloadAttempt Last => _last;

    /// <summary>The attempt that put the present configuration in force.</summary>
    public ReloadAttempt Applied => _applied;

    /// <summary>1 since the start, and one more with each configuration that was applied.</summary>
    public long Generation => Applied.Generation;

    /// <summary>Attempts that ended so. Never decreases.</summary>
    public long CountOf(string result) => Interlocked.Read(ref _counts[Array.IndexOf(ReloadResults.All, result)]);

    /// <summary>An attempt is through.</summary>
    public void Add(ReloadAttempt attempt)
    {
        Interlocked.Increment(ref _counts[Array.IndexOf(ReloadResults.All, attempt.Result)]);
        if (attempt.Result == ReloadResults.Applied)
            _applied = attempt;
        _last = attempt;
    }
}
