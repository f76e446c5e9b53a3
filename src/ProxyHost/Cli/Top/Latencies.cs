using Sluice.ProxyHost.Admin.Live;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>What a histogram has counted between two answers.</summary>
/// <param name="bounds">The upper bound of each bucket but the last, in seconds.</param>
/// <param name="counts">Of each bucket; null where that cannot be known.</param>
internal readonly struct Latencies(double[] bounds, long[]? counts)
{
    /// <summary>Of one histogram. A count that went back makes all of them unknown.</summary>
    public static Latencies Between(double[] bounds, LiveLatency? before, LiveLatency now)
    {
        if (before is null || before.Buckets.Length != now.Buckets.Length)
            return new(bounds, null);
        long[] counts = [.. now.Buckets.Zip(before.Buckets, (later, earlier) => later - earlier)];
        return new(bounds, Array.Exists(counts, count => count < 0) ? null : counts);
    }

    /// <summary>All together; those that are not known are left out.</summary>
    public static Latencies Together(double[] bounds, IEnumerable<Latencies> all)
    {
        long[]? sum = null;
        foreach (Latencies one in all)
        {
            if (one.Counts is { } counts)
                sum = sum is null ? counts : [.. sum.Zip(counts, (first, second) => first + second)];
        }

        return new(bounds, sum);
    }

    private long[]? Counts { get; } = counts;

    /// <summary>
    /// The value that this share of what was counted is not above, interpolated within its bucket; infinite where it is beyond the last
    /// bound; null where nothing was counted.
    /// </summary>
    public double? Quantile(double share)
    {
        if (Counts is null || Counts.Sum() == 0)
            return null;
        double left = share * Counts.Sum();
        for (int i = 0; i < bounds.Length; i++)
        {
            if (left <= Counts[i] && Counts[i] > 0)
            {
                double from = i == 0 ? 0 : bounds[i - 1];
                return from + ((bounds[i] - from) * left / Counts[i]);
            }

            left -= Counts[i];
        }

        return double.PositiveInfinity;
    }
}
