using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Limits;

/// <summary>
/// A rate as the generic cell rate algorithm has it (ITU-T I.371): the whole state of a bucket is the time at which it would be
/// full again, one number for each who has a bucket. Immutable; safe from any thread.
/// </summary>
internal sealed class TokenBucket
{
    private readonly long _interval;
    private readonly long _depth;

    /// <summary>Buckets of such a rate.</summary>
    /// <param name="rate">The rate.</param>
    /// <param name="frequency">Ticks a second of the clock that times are of.</param>
    public TokenBucket(RateConfig rate, long frequency)
    {
        _interval = Math.Max(1, (long)(rate.Per.TotalSeconds * frequency / rate.Connections));
        _depth = (long)Int128.Min((Int128)_interval * (rate.Burst == 0 ? rate.Connections : rate.Burst), long.MaxValue / 4);
    }

    /// <summary>Takes a token at this time, if there is one. <paramref name="fullAt"/> is the bucket; 0 is a full one.</summary>
    public bool TryTake(ref long fullAt, long now)
    {
        while (true)
        {
            long before = Volatile.Read(ref fullAt);
            long after = Math.Max(before, now) + _interval;
            if (after - now > _depth)
                return false;
            if (Interlocked.CompareExchange(ref fullAt, after, before) == before)
                return true;
        }
    }
}
