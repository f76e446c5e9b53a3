namespace Sluice.ProxyHost.Model.Live;

/// <summary>
/// How long something took, counted in buckets: what a histogram of the metrics is fed with as well, but readable here. Safe from any
/// thread; takes no lock and allocates nothing.
/// </summary>
internal sealed class LatencyCounts
{
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private long _ticks;

    /// <summary>The upper bound of each bucket but the last, in seconds; the bound itself belongs to it.</summary>
    public static double[] Bounds { get; } = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Time so far, all together. Never decreases.</summary>
    public TimeSpan Sum => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>One more.</summary>
    public void Add(TimeSpan took)
    {
        double seconds = took.TotalSeconds;
        int bucket = 0;
        while (bucket < Bounds.Length && seconds > Bounds[bucket])
            bucket++;
        Interlocked.Increment(ref _buckets[bucket]);
        Interlocked.Add(ref _ticks, took.Ticks);
    }

    /// <summary>Of each bucket so far; none ever decreases.</summary>
    public long[] Read()
    {
        var counts = new long[_buckets.Length];
        for (int i = 0; i < counts.Length; i++)
            counts[i] = Interlocked.Read(ref _buckets[i]);
        return counts;
    }
}
