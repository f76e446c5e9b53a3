using System.Numerics;

namespace Sluice.Load.Traffic;

/// <summary>Counts latencies in buckets less than 1 % wide, from 1 ns on, in constant memory. One thread.</summary>
internal sealed class LatencyHistogram
{
    // Below 256 a bucket per nanosecond, above it 128 buckets per power of two.
    private const int Half = 128;
    private readonly long[] _buckets = new long[58 * Half];
    private long _count;

    public void Record(TimeSpan latency)
    {
        ulong nanoseconds = (ulong)Math.Max(0, latency.Ticks * TimeSpan.NanosecondsPerTick);
        int shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(nanoseconds) - 8);
        _buckets[(shift * Half) + (int)(nanoseconds >> shift)]++;
        _count++;
    }

    /// <summary>The latency that <paramref name="share"/> (0 to 1) of all stayed under, in microseconds; NaN when there are none.</summary>
    public double Microseconds(double share)
    {
        long rank = (long)Math.Ceiling(share * _count);
        for (int i = 0; i < _buckets.Length && _count > 0; i++)
        {
            rank -= _buckets[i];
            if (rank <= 0)
                return Middle(i) / 1000;
        }
        return double.NaN;
    }

    private static double Middle(int index)
    {
        int shift = Math.Max(0, (index / Half) - 1);
        return Math.ScaleB(index - (shift * Half) + (shift > 0 ? 0.5 : 0), shift);
    }
}
